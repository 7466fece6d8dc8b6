// Direct uploads as programs make them, and a place to try what they could do.

/** @import { Person } from "./person.js" */

/**
 * @typedef {{url: string, private_url: string, thumbnail_url: string | null, delete_url: string, id: string, name: string | null,
 *   size: number, type: string | null, expires_at: number | null}} Stored
 */

/**
 * Uploads as a form does, and returns what a program is told.
 * @param {string} origin @param {[string, Buffer | string][]} files names and contents @param {Record<string, string>} [fields]
 * @returns {Promise<Stored>}
 */
export async function upload(origin, files, fields = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, content] of files) form.append("file", new Blob([content]), name);
  // A connection of its own: one that was kept may be closed at the moment at which it is taken again.
  const headers = { accept: "application/json", connection: "close" };
  const answer = await fetch(`${origin}/`, { method: "POST", body: form, headers, redirect: "manual" });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`the upload ended with ${answer.status}: ${text}`);
  return JSON.parse(text);
}

/** One file, and its direct link. @param {string} origin @param {string} name @param {Buffer | string} content */
export const uploadOne = async (origin, name, content) => (await upload(origin, [[name, content]])).url;

/** Goes to a page of the server's origin that has neither a policy nor scripts: whatever it allows, the origin allows. @param {Person} person */
export const goBare = (person) => person.go("/healthz");
