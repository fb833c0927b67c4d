/** Pictures among the words: pasted, dropped or picked; seen at once, and kept on the server before they are sent. */
import { Image } from "../../django_prose_editor/editor.js";

const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const OURS = /^(?:https?:\/\/[^/]+)?(\/desk\/inline\/[\w-]{43})$/;
const PREVIEW = /<img\b[^>]*\ssrc="data:[^>]*>/g;

export const isPicture = (file) => KINDS.includes(file.type);

/** The package's own picture. What stands in pasted words and is not the desk's is left out: it would load from elsewhere. */
export const Picture = Image.extend({
  addAttributes() {
    return { ...this.parent?.(), waiting: { default: null, rendered: false } };
  },
  parseHTML() {
    return [{ tag: "img[src]", getAttrs: (img) => {
      const ours = OURS.exec(img.getAttribute("src"));
      return ours ? { src: ours[1] } : false;
    } }];
  },
}).configure({ inline: true });

/** The words without pictures that are still on their way. */
export const kept = (html) => html.replace(PREVIEW, "");

/** `keep(file)` gives {src, width, height} or throws with a sentence, which `failed` is told. */
export class Pictures {
  constructor(keep, failed) {
    Object.assign(this, { keep, failed, arrived: new Map(), under: new Set(), count: 0 });
  }

  watch(editor) {
    this.editor = editor;
    editor.on("update", () => this.#settle());
  }

  /** Put pictures where the caret is, or at `place`. */
  async add(files, place = null) {
    for (const file of files) {
      const waiting = ++this.count;
      const src = await preview(file);
      const at = Math.min(place ?? this.editor.state.selection.to, this.editor.state.doc.content.size);
      this.editor.chain().focus().insertContentAt(at, { type: "image", attrs: { src, alt: described(file), waiting } }).run();
      const done = this.#bring(file, waiting).finally(() => this.under.delete(done));
      this.under.add(done);
    }
  }

  get busy() {
    return this.under.size > 0;
  }

  settled() {
    return Promise.all(this.under);
  }

  async #bring(file, waiting) {
    try {
      this.arrived.set(waiting, await this.keep(file));
    } catch (error) {
      this.arrived.set(waiting, null);
      this.failed(error.message);
    }
    this.#settle();
  }

  /** What has arrived takes the place of its preview, however the words around it were changed, undone or redone since. */
  #settle() {
    const { state, view } = this.editor;
    const change = state.tr.setMeta("addToHistory", false);
    state.doc.descendants((node, at) => {
      const shown = node.type.name === "image" ? this.arrived.get(node.attrs.waiting) : undefined;
      if (shown) change.setNodeMarkup(change.mapping.map(at), null, { ...node.attrs, ...shown, waiting: null });
      else if (shown === null) change.delete(change.mapping.map(at), change.mapping.map(at + node.nodeSize));
    });
    if (change.docChanged) view.dispatch(change);
  }
}

function preview(file) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.readAsDataURL(file);
  });
}

/** A file's name as a description, unless it is one that no person gave. */
function described(file) {
  const stem = file.name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ").trim();
  return /^(image|img|screenshot|bildschirmfoto|clipboard|dsc|pxl|photo|picture|untitled)?[\s\d:.]*( (at|um|from) .*)?$/i.test(stem) ? "" : stem;
}

/** A field for the description of the picture that is chosen, for those who cannot see it. */
export function describing(editor, after) {
  const label = document.createElement("label");
  label.className = "describe fine";
  label.hidden = true;
  const field = document.createElement("input");
  field.className = "input";
  field.maxLength = 200;
  field.placeholder = "What it shows, for those who cannot see it";
  label.append("Description ", field);
  after.after(label);
  const chosen = () => (editor.state.selection.node?.type.name === "image" ? editor.state.selection : null);
  editor.on("transaction", () => {
    const picture = chosen();
    label.hidden = !picture;
    if (picture && document.activeElement !== field) field.value = picture.node.attrs.alt ?? "";
  });
  field.addEventListener("input", () => editor.commands.updateAttributes("image", { alt: field.value }));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    const place = chosen()?.to;
    editor.chain().focus(place ?? "end").run();
  });
}

/** What the editor does with files that are pasted or dropped; `others` gets those that are no pictures. */
export function handlers(pictures, others) {
  const take = (files, place) => {
    const shown = files.filter(isPicture);
    if (shown.length) pictures.add(shown, place);
    if (shown.length < files.length) others(files.filter((file) => !isPicture(file)));
  };
  return {
    handlePaste(_view, event) {
      const files = [...(event.clipboardData?.files ?? [])];
      const words = event.clipboardData?.getData("text/plain").trim(); // of a document, which brings a picture of itself
      if (!files.length || words) return false;
      take(files, null);
      return true;
    },
    handleDrop(view, event, _slice, moved) {
      const files = [...(event.dataTransfer?.files ?? [])];
      if (moved || !files.length) return false;
      event.preventDefault();
      take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
      return true;
    },
  };
}
