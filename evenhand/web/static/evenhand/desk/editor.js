/** The editor in place of a text field: the package's, with a row of plain buttons of our own. */
import {
  Blockquote, Bold, BulletList, Code, Document, Editor, Gapcursor, HardBreak, History, Italic, Link, ListItem,
  OrderedList, Paragraph, Placeholder, Text,
} from "../../django_prose_editor/editor.js";

const TOOLS = [
  ["Bold", "B", (chain) => chain.toggleBold(), "bold"],
  ["Italic", "I", (chain) => chain.toggleItalic(), "italic"],
  ["List", "•", (chain) => chain.toggleBulletList(), "bulletList"],
  ["Numbered list", "1.", (chain) => chain.toggleOrderedList(), "orderedList"],
  ["Quote", "“", (chain) => chain.toggleBlockquote(), "blockquote"],
  ["Code", "</>", (chain) => chain.toggleCode(), "code"],
];

/** Put an editor before `area` and its buttons into `tools`. `changed` gets the HTML, empty when nothing is written. */
export function makeEditor(area, tools, { changed, send }) {
  const element = document.createElement("div");
  element.className = "editor";
  const there = document.activeElement === area; // somebody types already
  area.before(element);
  area.hidden = true;
  const label = document.querySelector(`label[for="${area.id}"]`)?.textContent ?? "";
  const html = () => (editor.isEmpty ? "" : editor.getHTML());
  const editor = new Editor({
    element,
    injectCSS: false, // the policy allows no inline style; ours is in conversation.css
    extensions: [
      Document, Paragraph, Text, Bold, Italic, HardBreak, History, BulletList, OrderedList, ListItem, Blockquote, Code,
      Gapcursor, Link.configure?.({ openOnClick: false }) ?? Link, Placeholder.configure({ placeholder: area.placeholder }),
    ],
    content: area.value.trimStart().startsWith("<") ? area.value : paragraphs(area.value),
    editorProps: {
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
  editor.on("transaction", () => buttons.forEach((look) => look()));
  if (there) {
    // At once: `commands.focus` waits for a frame, and a letter typed until then would be a shortcut.
    editor.commands.setTextSelection(editor.state.doc.content.size);
    editor.view.focus();
    if (area.value) changed(html());
  }
  return { html, focus: () => editor.commands.focus("end") };
}

function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => {
    const line = document.createElement("p");
    part.split("\n").forEach((words, at) => line.append(...(at ? [document.createElement("br"), words] : [words])));
    return line.outerHTML;
  }).join("");
}
