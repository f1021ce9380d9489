/* Shows how the post will look, from what the form says by now; nothing is saved. */

const dialog = document.getElementById("appearance");
const opener = document.querySelector(".appearance-open");
if (dialog && opener) start(opener.querySelector("button"), document.getElementById("post_form"));

function start(button, form) {
  const frame = dialog.querySelector("iframe");
  const trouble = dialog.querySelector("[role=status]");
  opener.hidden = false;
  button.addEventListener("click", async () => {
    dialog.showModal();
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const response = await fetch(dialog.dataset.url, { method: "POST", body }).catch(() => null);
    const isThere = response?.ok && !response.redirected;
    trouble.hidden = isThere;
    trouble.textContent = isThere ? "" : dialog.dataset.trouble;
    frame.hidden = !isThere;
    // Scripts do not run in it, and its links lead nowhere: it is a picture that can be read.
    frame.srcdoc = isThere ? await response.text() : "";
  });
}
