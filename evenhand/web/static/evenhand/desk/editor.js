/** The editor in place of a text field: the package's, with a row of plain buttons of our own. */
import {
  Blockquote, Bold, BulletList, Code, Document, Editor, Gapcursor, HardBreak, History, Italic, Link, ListItem,
  OrderedList, Paragraph, Placeholder, Text,
} from "../../django_prose_editor/editor.js";
import { describing, handlers, kept, Picture, Pictures } from "./inline.js";

const TOOLS = [
  ["Bold", "B", (chain) => chain.toggleBold(), "bold"],
  ["Italic", "I", (chain) => chain.toggleItalic(), "italic"],
  ["List", "•", (chain) => chain.toggleBulletList(), "bulletList"],
  ["Numbered list", "1.", (chain) => chain.toggleOrderedList(), "orderedList"],
  ["Quote", "“", (chain) => chain.toggleBlockquote(), "blockquote"],
  ["Code", "</>", (chain) => chain.toggleCode(), "code"],
];

/** Put an editor before `area` and its buttons into `tools`. `changed` gets the HTML, empty when nothing is written;
 * `keepPicture` brings a picture to the server, `attach` gets files that are none, `failed` a sentence. */
export function makeEditor(area, tools, { changed, send, keepPicture, attach, failed }) {
  const element = document.createElement("div");
  element.className = "editor";
  const there = document.activeElement === area; // somebody types already
  area.before(element);
  area.hidden = true;
  const label = document.querySelector(`label[for="${area.id}"]`)?.textContent ?? "";
  const html = () => (editor.isEmpty ? "" : kept(editor.getHTML()));
  const pictures = new Pictures(keepPicture, failed);
  const editor = new Editor({
    element,
    injectCSS: false, // the policy allows no inline style; ours is in conversation.css
    extensions: [
      Document, Paragraph, Text, Bold, Italic, HardBreak, History, BulletList, OrderedList, ListItem, Blockquote, Code,
      Gapcursor, Picture, Link.configure?.({ openOnClick: false }) ?? Link, Placeholder.configure({ placeholder: area.placeholder }),
    ],
    content: area.value.trimStart().startsWith("<") ? area.value : paragraphs(area.value),
    editorProps: {
      ...handlers(pictures, attach),
      attributes: { class: "prose", "aria-label": label, role: "textbox", "aria-multiline": "true", dir: "auto" },
      handleKeyDown(_view, event) {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return false;
        send();
        return true;
      },
    },
    onUpdate: () => changed(html()),
  });
  const buttons = TOOLS.map(([name, sign, act, mark]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => act(editor.chain().focus()).run());
    tools.append(button);
    return () => button.setAttribute("aria-pressed", String(editor.isActive(mark)));
  });
  tools.before(folding(tools));
  editor.on("transaction", () => buttons.forEach((look) => look()));
  pictures.watch(editor);
  describing(editor, element);
  tools.append(picker(pictures));
  if (there) {
    // At once: `commands.focus` waits for a frame, and a letter typed until then would be a shortcut.
    editor.commands.setTextSelection(editor.state.doc.content.size);
    editor.view.focus();
    if (area.value) changed(html());
  }
  return { html, pictures, focus: () => editor.commands.focus("end") };
}

/** On a phone the row of tools is behind this button; where there is room, it is not shown. */
function folding(tools) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "tool unfold-tools", textContent: "Aa" });
  button.setAttribute("aria-label", tools.getAttribute("aria-label"));
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays, and with it the keyboard
  button.addEventListener("click", () => button.setAttribute("aria-expanded", String(tools.classList.toggle("open"))));
  return button;
}

function picker(pictures) {
  const label = document.createElement("label");
  label.className = "tool picture";
  label.title = "Picture";
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp", multiple: true, className: "only-read" });
  input.setAttribute("aria-label", "Picture");
  input.addEventListener("change", () => {
    pictures.add([...input.files]);
    input.value = "";
  });
  label.append(input);
  return label;
}

function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => {
    const line = document.createElement("p");
    part.split("\n").forEach((words, at) => line.append(...(at ? [document.createElement("br"), words] : [words])));
    return line.outerHTML;
  }).join("");
}
