// How tests tell what a call failed with.

/** The code of what a promise fails with, or `none`. @param {Promise<any>} promise @returns {Promise<string>} */
export const failure = (promise) => promise.then(() => "none", (error) => error.code ?? String(error.stack));
