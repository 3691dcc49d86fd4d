"use strict";

// ReDoc signs its menu with a picture from its maker's own host. Nothing here asks another host.
const isElsewhere = (address) => {
  const { origin, protocol } = new URL(address, location.href);
  return protocol.startsWith("http") && origin !== location.origin;
};

const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (name, value) {
  if (name !== "src" || !isElsewhere(value)) {
    setAttribute.call(this, name, value);
  }
};

const src = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
Object.defineProperty(HTMLImageElement.prototype, "src", {
  ...src,
  set(value) {
    if (!isElsewhere(value)) {
      src.set.call(this, value);
    }
  },
});
