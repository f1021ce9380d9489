/* The library of pictures, for every page of the newsroom that includes
templates/admin/blog/image/_library.html.

  chooseImage()                  opens the dialog; resolves to the picture, or null if there is none
  uploadFiles(files, onProgress) uploads; resolves to [{file, image, error}] in the order of files
  describe(image, words)         sets alt, caption, credit; resolves to the picture

A picture is {id, alt, caption, credit, name, src, thumb, width, height}. */

export { chooseImage } from "./images/dialog.js";
export { describe, uploadFiles } from "./images/requests.js";
