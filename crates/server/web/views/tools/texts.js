// Texts for programs that send plain files here: commands, scripts, settings. They hold this server's address and a
// placeholder for the upload secret, never the secret.

import { say } from "../../words.js";

/** Stands where whoever copies a text writes the upload secret. */
export const PLACEHOLDER = "YOUR_UPLOAD_SECRET";

/** Characters that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** A word of a shell command. @param {string} text */
export const quoted = (text) => (PLAIN.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/**
 * @typedef {object} Place
 * @property {string} server its address, with a slash at its end
 * @property {boolean} secret whether it wants an upload secret
 */

/**
 * What curl sends the upload secret from: `-n` reads it from there, so that it stands in no command, no script and no list
 * of processes. @param {Place} place
 */
export const netrc = ({ server }) => `machine ${new URL(server).hostname} login onekey password ${PLACEHOLDER}\n`;

/** @param {Place} place */
const curl = ({ secret }) => (secret ? "curl -n" : "curl");

/** @param {Place} place */
export function curlCommands(place) {
  const command = curl(place);
  const server = quoted(place.server);
  return {
    file: `${command} -F file=@photo.png ${server}\n`,
    pipe: `git diff | ${command} -F 'file=@-;filename=changes.txt' ${server}\n`,
    put: `${command} -T photo.png ${server}\n`,
    limits: `${command} -F expires=1d -F downloads=3 -F file=@photo.png ${server}\n`,
  };
}

/** Takes a picture, sends it, and puts the link into the clipboard. @param {Place} place */
export const flameshot = (place) => `#!/bin/sh
picture=$(mktemp) || exit 1
trap 'rm -f "$picture"' EXIT
flameshot gui --raw >"$picture"
# ${say("scriptNothing")}
head -c 4 "$picture" | grep -aq PNG || exit 0
link=$(${curl(place)} -sS -H 'Accept: text/plain' -F "file=@$picture;filename=screenshot.png" ${quoted(place.server)} 2>&1)
case $link in
  http*) ;;
  *) notify-send ${quoted(say("scriptFailed"))} "$link"; exit 1 ;;
esac
if [ -n "\${WAYLAND_DISPLAY-}" ]; then set -- wl-copy; else set -- xclip -selection clipboard; fi
printf %s "$link" | "$@"
notify-send ${quoted(say("scriptDone"))} "$link"
`;

/**
 * What ksnip runs with the path of a picture: a link on standard output, or what went wrong on standard error.
 * @param {Place} place
 */
export const ksnip = (place) => `#!/bin/sh
link=$(${curl(place)} -sS -H 'Accept: text/plain' -F "file=@\\"$1\\";filename=screenshot.png" ${quoted(place.server)})
case $link in
  http*) printf %s "$link" ;;
  *) printf '%s\\n' "$link" >&2; exit 1 ;;
esac
`;

/** A custom uploader of ishare 2. @param {Place} place */
export const ishare = ({ server, secret }) =>
  `${JSON.stringify(
    {
      name: `onekey (${new URL(server).host})`,
      requestURL: server,
      headers: { Accept: "application/json" },
      ...(secret && { formData: { secret: PLACEHOLDER } }),
      fileFormName: "file",
      responseURL: "{{url}}",
    },
    null,
    2,
  )}\n`;

/** @param {Place} place */
export const onekey = ({ server, secret }) =>
  [
    `export ONEKEY_SERVER=${quoted(server.replace(/\/$/, ""))}`,
    secret && `export ONEKEY_UPLOAD_SECRET=${PLACEHOLDER}`,
    "onekey put photo.png",
    "onekey put --direct photo.png",
  ]
    .filter(Boolean)
    .join("\n") + "\n";
