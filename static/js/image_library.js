/* The library of pictures, for every page of the newsroom that includes
templates/admin/blog/image/_library.html.

  chooseImage()                  opens the dialog; resolves to the picture, or null if there is none
  uploadFiles(files, onProgress) uploads, and asks for the words that lack; resolves to
                                 [{file, image, error}] in the order of files; onProgress(file, part,
                                 result) is told how far each one is, from 0 to 1
  describe(image, words)         sets alt, caption, credit; resolves to the picture

A picture is {id, alt, caption, credit, name, src, thumb, width, height}. */

export { chooseImage, uploadFiles } from "./images/dialog.js";
export { describe } from "./images/requests.js";
