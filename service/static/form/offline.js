// What is typed is kept on this computer until the server has it: through a lost connection, a reload, a crash.
// One entry for each field and page, so that two windows never write over each other's words.

export function start(form, fields) {
  return new Shelf(form, fields);
}

class Shelf {
  constructor(form, fields) {
    this.fields = fields;
    this.prefix = `nianbao:${form.dataset.account || ""}:${form.dataset.report}:`;
    this.page = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
    this.unkept = new Set();
    this.taken = this._takeBack();
    fields.onChange((names) => this.keep(names));
  }

  // Whether something typed is neither on the server nor on this computer.
  get full() {
    return this.unkept.size > 0;
  }

  keep(names) {
    names.forEach((name) => {
      if (this.fields.differs(name)) this._write(name);
      else this._remove(this._key(name), name);
    });
  }

  // The server has this value: nobody needs to remember it any longer, whichever window wrote it.
  saved(name) {
    const { value, note } = this.fields.base(name);
    this.forget(name, value, note || "");
    this.keep([name]);
  }

  forget(name, value, note) {
    this._entries()
      .filter((one) => one.name === name && one.value === value && one.note === note)
      .forEach((one) => this._remove(one.key, name));
  }

  _write(name) {
    const entry = { value: this.fields.value(name), note: this.fields.note(name), version: this.fields.base(name).version, at: Date.now() };
    try {
      localStorage.setItem(this._key(name), JSON.stringify(entry));
      this.unkept.delete(name);
    } catch (_) {
      // Full, or switched off: the page says so and asks before it is closed.
      this.unkept.add(name);
    }
  }

  _remove(key, name) {
    this.unkept.delete(name);
    try {
      localStorage.removeItem(key);
    } catch (_) {
      // Nothing can be kept here, so nothing is.
    }
  }

  // What an earlier page left unsent: put back, newest first; other windows' different words go to whoever compares.
  _takeBack() {
    const back = [];
    const rivals = [];
    this._entries().forEach((entry) => {
      const { name, value, note } = entry;
      const base = this.fields.base(name);
      if (base.value === value && (base.note || "") === note) return this._remove(entry.key, name);
      if (!this.fields.open) return back.push(entry);
      if (!back.some((one) => one.name === name)) {
        this.fields.restore(name, entry);
        this._write(name);
        if (!this.unkept.has(name)) this._remove(entry.key, name);
        return back.push(entry);
      }
      const { value: mine, note: beside } = back.find((one) => one.name === name);
      return mine === value && beside === note ? this._remove(entry.key, name) : rivals.push(entry);
    });
    return { back, rivals };
  }

  _entries() {
    const keys = [];
    try {
      for (let at = 0; at < localStorage.length; at += 1) keys.push(localStorage.key(at));
    } catch (_) {
      return [];
    }
    const found = keys.filter((key) => key.startsWith(this.prefix)).map((key) => this._read(key));
    return found.filter(Boolean).sort((one, other) => other.at - one.at);
  }

  _read(key) {
    try {
      const entry = JSON.parse(localStorage.getItem(key));
      return { ...entry, key, name: key.slice(this.prefix.length, key.lastIndexOf(":")) };
    } catch (_) {
      return null;
    }
  }

  _key(name) {
    return `${this.prefix}${name}:${this.page}`;
  }
}
