/** What the server has drawn into the page before the app's script came: `<div id="first">`. */

const element = () => (typeof document === "undefined" ? null : document.getElementById("first"));

/** Whether the page came from a foreign link or a prefetch, so that opening the study needs a tap. */
export const needsTap = () => element()?.dataset.tap === "1";

/** Whether the server has opened the study with the page itself. */
export const serverOpened = () => element() !== null && !needsTap();

/** Takes the server's drawing away, once the app has drawn the same. */
export function dropFirst(): void {
  element()?.remove();
}
