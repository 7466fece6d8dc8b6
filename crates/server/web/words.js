// Every word that the page says, in English and German. `{name}` marks a place; `one` and `other` are plural forms by
// `{count}`. Nothing that came from elsewhere (names, titles, notes) stands in here: views put it in as text nodes.

/** @typedef {string | {one: string, other: string}} Phrase */

const en = /** @satisfies {Record<string, Phrase>} */ ({
  // The frame of every page.
  brand: "onekey",
  skipToContent: "Skip to content",
  promiseSend: "Files are encrypted in this browser. The server never sees their names or contents.",
  promiseOpen: "Files are decrypted in this browser. The key behind the # is not sent to the server.",
  report: "Report abuse",
  close: "Close",
  cancel: "Cancel",
  tryAgain: "Try again",
  retryAfter: "Try again {when}.",

  // Choosing what to send.
  sendHeading: "Send files",
  sendLead: "They are encrypted before they leave this device. Only people who have the link can open them.",
  dropHere: "Drop files or folders here",
  dropNow: "Drop to add them",
  orChoose: "or choose",
  chooseGroup: "Choose what to send",
  addGroup: "Add more",
  pickFiles: "Files",
  pickFolder: "Folder",
  writeText: "Text",
  pasteHint: "You can also paste files, pictures or text.",
  sizeLimit: "This server takes up to {size} at once.",
  reading: { one: "Reading the folder: {count} file so far …", other: "Reading the folder: {count} files so far …" },
  unreadable: {
    one: "{count} file could not be read and was left out.",
    other: "{count} files could not be read and were left out.",
  },
  added: { one: "{count} file added", other: "{count} files added" },
  renumbered: {
    one: "One name was there already. The new one got a number.",
    other: "{count} names were there already. The new ones got a number.",
  },

  // The list.
  listHeading: "Ready to send",
  filesAndSize: { one: "{count} file, {size}", other: "{count} files, {size}" },
  emptyFolders: { one: "{count} empty folder", other: "{count} empty folders" },
  emptyFolder: "empty folder",
  rename: "Rename {name}",
  renameHeading: "Rename",
  renameField: "Name",
  renameHint: "A slash puts it into a folder.",
  renameDo: "Rename",
  remove: "Remove {name}",
  removed: "Removed",
  clear: "Clear list",
  more: { one: "and {count} more", other: "and {count} more" },
  showMore: "Show more",
  nameControl: "This name has invisible control characters. Rename it to send it.",
  nameLong: "This name is too long. Rename it to send it.",
  nameEmpty: "A name cannot be empty, and cannot have an empty part between slashes.",
  nameDots: "“.” and “..” cannot be names.",
  nameTaken: "Another file or folder here has this name.",
  namesToFix: { one: "{count} name must be changed first.", other: "{count} names must be changed first." },
  overLimit: "This server takes up to {size} at once. Remove some files.",
  mayBeOverLimit:
    "This server takes up to {size} at once. Unless these files get much smaller by compression, it will refuse them.",
  send: "Send",

  // A written text.
  textHeading: "Write a text",
  textName: "File name",
  textField: "Text",
  textAdd: "Add text",
  textEmpty: "There is no text yet.",
  textFileName: "text.txt",

  // Options.
  options: "Options",
  optionTitle: "Title",
  optionTitleHint: "Shown to those who open the link.",
  optionNote: "Note",
  optionExpiry: "Link expires after",
  optionNever: "never",
  optionDownloads: "Downloads",
  optionDownloadsHint: "Leave empty for any number.",
  downloadsInvalid: "Downloads must be a whole number from 1 up, or empty.",
  optionPassword: "Password",
  optionPasswordHint: "Asked for when the link is opened. It cannot be recovered.",
  showPassword: "Show password",
  showPasswordShort: "Show",
  optionCompress: "Compress files",
  optionCompressHint: "Sends less. The server then sees the compressed size, which says a little about the contents.",
  summaryEnds: "Expires {when}",
  summaryNever: "Never expires",
  anyDownloads: "any number of downloads",
  downloadsAllowed: { one: "{count} download", other: "{count} downloads" },
  withPassword: "password",

  // The upload secret.
  secretLead: "This server wants an upload secret. Whoever runs it can give it to you.",
  secretField: "Upload secret",
  secretKeep: "Remember in this browser",
  secretMissing: "Type the upload secret.",
  secretKept: "The upload secret is remembered in this browser.",
  secretForget: "Forget upload secret",
  secretForgotten: "The upload secret was forgotten.",

  // Sending.
  sendingHeading: "Sending",
  sendingProgress: "Upload progress",
  statePreparing: "Preparing …",
  stateSending: "Sending …",
  stateWaiting: "Waiting for the network. It goes on by itself.",
  stateWaitingSeconds: "Waiting for the network. Next try in {time}.",
  statePaused: "Paused",
  stateCompleting: "Making the link …",
  progressBytes: "{done} of {total}",
  progressAtMost: "{done} of at most {total}",
  rate: "{size}/s",
  timeLeft: "about {time} left",
  percentDone: "{percent} done",
  alreadyThere: "{size} were already there.",
  restarted: "The files changed, so everything is sent again under a new key.",
  keepOpen: "Keep this page open until the link is there.",
  pause: "Pause",
  continue: "Continue",
  cancelSendHeading: "Cancel this upload?",
  cancelSendText: "What was sent so far is deleted.",
  cancelSendDo: "Cancel upload",
  keepSending: "Keep sending",
  sendCancelled: "The upload was cancelled.",
  titlePercent: "{percent} · {title}",

  // Sent.
  sentHeading: "Your link is ready",
  linkField: "Link",
  copyLink: "Copy link",
  copied: "Copied",
  copyFailed: "Copying did not work. The link is selected: copy it by hand.",
  shareLink: "Share",
  qrLabel: "QR code of the link",
  qrFailed: "The QR code could not be made.",
  sentNeedsPassword: "Send the password another way, not together with the link.",
  linkIsSecret: "Whoever has this link can open the files. Send it by a way you trust.",
  manageHeading: "Manage link",
  manageWords:
    "With it you can see downloads, change limits, add links and delete. So can everybody else who has it: keep it " +
    "to yourself. It is shown only now.",
  manageField: "Manage link",
  copyManage: "Copy manage link",
  openManage: "Open manage page",
  sendMore: "Send more",

  // Unfinished uploads.
  unfinishedHeading: "Unfinished upload",
  unfinishedBegun: "Begun {when}. {done} of {total} are there already.",
  unfinishedPick: "Pick the same files again. Only what is missing is sent.",
  unfinishedReady: "Everything was sent. Only the link is missing.",
  unfinishedContinue: "Continue upload",
  unfinishedPickFiles: "Pick files again",
  unfinishedPickFolder: "Pick folder again",
  unfinishedForget: "Forget",
  forgetHeading: "Forget this upload?",
  forgetText: "What was sent so far is deleted. Your files stay as they are.",
  forgetDo: "Forget upload",
  forgotten: "The upload was forgotten.",
  unfinishedMissing: {
    one: "{count} file of this upload is still missing:",
    other: "{count} files of this upload are still missing:",
  },
  unfinishedNone: "None of these files belong to the unfinished upload.",
  unfinishedPassword: "The password of this upload is not stored. Type it again.",
  passwordAgainHeading: "Password of this upload",
  passwordEmpty: "Type the password.",

  // Opening.
  openTitle: "Open files",
  openChecking: "Opening the link …",
  openHeading: "Files for you",
  passwordHeading: "A password is needed",
  passwordLead: "The sender protected these files with a password. They can tell you what it is.",
  passwordField: "Password",
  passwordLimits: "Attempts are limited. Check capitals before you try.",
  passwordWrong: "This password is wrong, or the link was changed.",
  passwordChecking: "Checking …",
  openButton: "Open",
  noteLabel: "Note",
  noFiles: "There are no files in this share.",
  filesLabel: "Files",
  selectAll: "All files",
  selectOne: "Select {name}",
  saveOne: "Save {name}",
  viewOne: "Show text of {name}",
  saveAll: "Save all",
  saveFile: "Save",
  saveSelected: { one: "Save {count} file", other: "Save {count} files" },
  saveNone: "Select files to save",
  asZip: "as one zip file",
  usesDownload: { one: "uses 1 of {count} download", other: "uses 1 of {count} downloads" },
  endsIn: "Expires {when} ({date})",
  ended: "Expired {when} ({date})",
  endsNever: "Does not expire",
  grantKept: "Your download has begun. Saving again uses no further one.",
  downloadsLeft: { one: "{count} download left", other: "{count} downloads left" },
  noDownloadsLeft: "No downloads left",
  saveLimit:
    "This browser can save at most {size} at once. Choose fewer files, or open the link in Chrome, Edge or Firefox " +
    "on a computer.",
  saveLimitKnown: "This browser can save at most {size} at once.",
  textShown: "Text of {name}",
  copyText: "Copy text",
  textNotText: "This file is not plain text. Save it instead.",
  viewSpendsHeading: "Show this text?",
  viewSpends: {
    one: "It uses the only download of this link. You can still save everything afterwards.",
    other: "It uses 1 of {count} downloads. You can still save everything afterwards.",
  },
  viewSpendsDo: "Show text",

  // Saving.
  savingHeading: "Saving",
  savingProgress: "Download progress",
  stateStarting: "Starting …",
  stateSaving: "Saving and checking …",
  stateFinishing: "Finishing …",
  keepOpenSaving: "Keep this page open until everything is saved.",
  cancelSaveHeading: "Cancel saving?",
  cancelSaveText: "What was saved so far is not complete.",
  cancelSaveDo: "Cancel saving",
  keepSaving: "Keep saving",
  saveCancelled: "Saving was cancelled. What was saved so far is not complete.",
  savedHeading: "Saved",
  savedText: {
    one: "{count} file, {size}. Everything is complete and as it was sent.",
    other: "{count} files, {size}. Everything is complete and as it was sent.",
  },
  savedWhere: "It is where your browser keeps downloads, or where you chose.",
  backToFiles: "Back to the files",
  savedRetryFree: "Trying again uses no further download.",

  // A link that was mangled on its way.
  escapedHeading: "The link was changed on its way",
  escapedLead: "Some mail programs replace the # in a link. This can be put right here.",
  escapedButton: "Open the files",
  escapedNote: "In this form the key in the link was sent to the server. Use the link with # from now on.",

  // Managing.
  manageTitle: "Manage",
  managePageHeading: "Your share",
  manageChecking: "Asking the server …",
  createdOn: "Sent {when} ({date})",
  storedSize: "{size} on the server",
  linksHeading: "Links",
  linkUnnamed: "Link {count}",
  linkLive: "Works",
  linkExpired: "Expired",
  linkUsedUp: "Used up",
  linkRevoked: "Revoked",
  linkHasPassword: "With password",
  linkDirect: "Direct",
  linkDirectHint: "Opens directly: the server reads the files whenever it is used.",
  shareDirect:
    "A link of this share is or was direct. With it this server can read the files: it decrypts them whenever that link " +
    "is opened.",
  linkUsed: { one: "Downloaded {count} time", other: "Downloaded {count} times" },
  linkLeft: { one: "{count} left", other: "{count} left" },
  linkUncapped: "any number left",
  linkLastUsed: "Last used {when}",
  linkNeverUsed: "Not used yet",
  linkUncounted: "Direct downloads are not counted",
  change: "Change {name}",
  changeShort: "Change",
  revokeShort: "Revoke",
  changeHeading: "Change limits",
  changeKeep: "as it is",
  changeDownloads: "Downloads in all",
  changeDownloadsHint: "Those already made count too. Leave empty for any number.",
  changeExpiry: "Expires, counted from now, after",
  save: "Save",
  revoke: "Revoke {name}",
  revokeHeading: "Revoke this link?",
  revokeText: "It stops working at once and never comes back. What somebody downloaded already stays with them.",
  revokeDo: "Revoke link",
  addLink: "Add a link",
  addLinkHeading: "Add a link",
  addLinkLabel: "Label",
  addLinkLabelHint: "Only you see it: for whom this link is, for example.",
  addLinkDo: "Add link",
  cannotAddLinks: "No links can be added to this share.",
  newLinkHeading: "New link",
  newLinkOnce: "It is shown only now. Copy it before you leave.",
  labelTooLong: "The label is too long.",
  deleteShare: "Delete everything",
  deleteHeading: "Delete everything?",
  deleteText: "All links stop working and the files are deleted from the server. This cannot be undone.",
  deleteDo: "Delete",
  keep: "Keep",
  deletedHeading: "Deleted",
  deletedText: "The files are gone from the server, and no link works any more.",
  changed: "Changed",
  revoked: "Revoked",
  refresh: "Refresh",
  refreshed: "Up to date",

  // Setting up tools.
  toolsLink: "Set up my tools",
  toolsHint: "For screenshots and scripts: set up ShareX, curl and others",
  toolsHeading: "Set up my tools",
  toolsLead:
    "Programs that send plain files can send them here. What they get is a direct link: it shows the picture or " +
    "plays the video at once.",
  toolsHonest:
    "Direct links are for what this server may see. It encrypts the files as they arrive and forgets the key, but it " +
    "sees them then, and whenever the link is opened. What it must not see, send on the page or with onekey put.",
  toolsOffHeading: "This server takes no plain files",
  toolsOffText:
    "Whoever runs it switched direct links off: it only takes what was encrypted before. Send files on the page, or " +
    "with the onekey command.",
  toolsForm: "A form that needs no program and no JavaScript",
  forWindows: "Windows",
  forLinux: "Linux",
  forMac: "macOS",
  forPhone: "iPhone and iPad",
  forTerminal: "Terminal",
  copyShort: "Copy",
  copyNamed: "Copy: {name}",
  saveAs: "Save as {name}",
  secretPlaces:
    "This server wants an upload secret. In these texts {placeholder} stands for it: write yours there. This page " +
    "never asks for it.",
  secretNetrc:
    "curl, Flameshot and ksnip take it from the file ~/.netrc, so that it stands in no command. Add this line to it, " +
    "and let nobody else read it: chmod 600 ~/.netrc",
  secretReplace: "Write your upload secret in the place of {placeholder}.",
  netrcLabel: "Line for ~/.netrc",
  shareXLink: "Download the ShareX file",
  shareXOpen: "Open it with a double click, and say yes to make it the uploader of pictures, texts and files.",
  shareXUse: "Capture and upload as ever. The link is in the clipboard; the link to delete it is in ShareX’s history.",
  shareXSecret:
    "ShareX asks for the upload secret each time. To have it stored on your computer: Destinations → Custom uploader " +
    "settings → Body, and write it in the place of the value of secret.",
  curlFile: "Send a file; the link is printed",
  curlPipe: "Send what another command prints",
  curlPut: "Send a file by PUT",
  curlScript: "A script for all this: upload.sh",
  curlLimits: "A link that ends after a day or three downloads",
  scriptLabel: "Script for {name}",
  scriptSave: "Save the script, and make it executable: chmod +x",
  scriptNothing: "Nothing was taken.",
  scriptFailed: "Upload failed",
  scriptDone: "Link copied",
  flameshotKey:
    "Bind a key to it in the settings of your desktop. It takes a picture, and the link is in the clipboard.",
  flameshotNeeds: "It uses curl and notify-send, and wl-copy on Wayland or xclip on X11.",
  ksnipSettings:
    "In ksnip’s settings, under Script Uploader, choose it, and switch on “Copy script output to clipboard” and “Stop " +
    "when upload script writes to StdErr”.",
  ksnipUploader: "Under Uploader, choose Script.",
  ishareLabel: "Custom uploader for ishare 2",
  ishareSave: "Save it as a file.",
  ishareOpen: "Open it with a double click, and choose it as uploader in ishare.",
  shortcutsName: "Shortcuts",
  shortcutsUrl: "Address for “Get Contents of URL”",
  shortcutsNew: "Make a new shortcut, and switch on “Show in Share Sheet” for images and files.",
  shortcutsContents: "Add “Get Contents of URL” with the address below.",
  shortcutsMethod: "Method: POST. Request Body: Form.",
  shortcutsHeader: "Headers: Accept with the text application/json",
  shortcutsFile: "Form: a field of the kind File, named file, with “Shortcut Input”.",
  shortcutsSecret: "Form: a field of the kind Text, named secret, with your upload secret.",
  shortcutsValue: "Add “Get Dictionary Value” for the key url.",
  shortcutsCopy: "Add “Copy to Clipboard”.",
  onekeyWords:
    "Encrypts before anything is sent: the server sees neither names nor contents. With --direct the link also opens " +
    "directly, and then the server can read the files.",
  onekeyLabel: "Commands",
});

const de = /** @type {{[K in keyof typeof en]: Phrase}} */ ({
  brand: "onekey",
  skipToContent: "Zum Inhalt",
  promiseSend: "Dateien werden in diesem Browser verschlüsselt. Der Server sieht weder Namen noch Inhalte.",
  promiseOpen: "Dateien werden in diesem Browser entschlüsselt. Der Schlüssel hinter dem # wird nicht gesendet.",
  report: "Missbrauch melden",
  close: "Schließen",
  cancel: "Abbrechen",
  tryAgain: "Noch einmal versuchen",
  retryAfter: "Nächster Versuch {when}.",

  sendHeading: "Dateien senden",
  sendLead: "Sie werden verschlüsselt, bevor sie dieses Gerät verlassen. Nur wer den Link hat, kann sie öffnen.",
  dropHere: "Dateien oder Ordner hier ablegen",
  dropNow: "Loslassen zum Hinzufügen",
  orChoose: "oder auswählen",
  chooseGroup: "Auswählen, was gesendet wird",
  addGroup: "Weitere hinzufügen",
  pickFiles: "Dateien",
  pickFolder: "Ordner",
  writeText: "Text",
  pasteHint: "Auch Einfügen geht: Dateien, Bilder oder Text.",
  sizeLimit: "Dieser Server nimmt bis zu {size} auf einmal an.",
  reading: {
    one: "Ordner wird gelesen: bisher {count} Datei …",
    other: "Ordner wird gelesen: bisher {count} Dateien …",
  },
  unreadable: {
    one: "{count} Datei ließ sich nicht lesen und fehlt in der Liste.",
    other: "{count} Dateien ließen sich nicht lesen und fehlen in der Liste.",
  },
  added: { one: "{count} Datei hinzugefügt", other: "{count} Dateien hinzugefügt" },
  renumbered: {
    one: "Ein Name war schon vergeben. Der neue bekam eine Nummer.",
    other: "{count} Namen waren schon vergeben. Die neuen bekamen eine Nummer.",
  },

  listHeading: "Bereit zum Senden",
  filesAndSize: { one: "{count} Datei, {size}", other: "{count} Dateien, {size}" },
  emptyFolders: { one: "{count} leerer Ordner", other: "{count} leere Ordner" },
  emptyFolder: "leerer Ordner",
  rename: "{name} umbenennen",
  renameHeading: "Umbenennen",
  renameField: "Name",
  renameHint: "Ein Schrägstrich legt die Datei in einen Ordner.",
  renameDo: "Umbenennen",
  remove: "{name} entfernen",
  removed: "Entfernt",
  clear: "Liste leeren",
  more: { one: "und {count} weitere", other: "und {count} weitere" },
  showMore: "Mehr anzeigen",
  nameControl: "Dieser Name enthält unsichtbare Steuerzeichen. Zum Senden bitte umbenennen.",
  nameLong: "Dieser Name ist zu lang. Zum Senden bitte umbenennen.",
  nameEmpty: "Ein Name darf nicht leer sein, auch nicht zwischen Schrägstrichen.",
  nameDots: "„.“ und „..“ sind als Namen nicht möglich.",
  nameTaken: "Eine andere Datei oder ein Ordner hier heißt schon so.",
  namesToFix: {
    one: "{count} Name muss vorher geändert werden.",
    other: "{count} Namen müssen vorher geändert werden.",
  },
  overLimit: "Dieser Server nimmt bis zu {size} auf einmal an. Bitte einige Dateien entfernen.",
  mayBeOverLimit:
    "Dieser Server nimmt bis zu {size} auf einmal an. Werden die Dateien durch Komprimieren nicht viel kleiner, " +
    "lehnt er sie ab.",
  send: "Senden",

  textHeading: "Text schreiben",
  textName: "Dateiname",
  textField: "Text",
  textAdd: "Text hinzufügen",
  textEmpty: "Hier steht noch kein Text.",
  textFileName: "text.txt",

  options: "Optionen",
  optionTitle: "Titel",
  optionTitleHint: "Wird beim Öffnen des Links angezeigt.",
  optionNote: "Notiz",
  optionExpiry: "Link läuft ab nach",
  optionNever: "nie",
  optionDownloads: "Downloads",
  optionDownloadsHint: "Leer lassen für beliebig viele.",
  downloadsInvalid: "Bei Downloads bitte eine ganze Zahl ab 1 eintragen oder nichts.",
  optionPassword: "Passwort",
  optionPasswordHint: "Wird beim Öffnen verlangt. Es lässt sich nicht wiederherstellen.",
  showPassword: "Passwort zeigen",
  showPasswordShort: "Zeigen",
  optionCompress: "Dateien komprimieren",
  optionCompressHint:
    "Sendet weniger. Der Server sieht dann die komprimierte Größe, die ein wenig über den Inhalt verrät.",
  summaryEnds: "Läuft {when} ab",
  summaryNever: "Läuft nie ab",
  anyDownloads: "beliebig viele Downloads",
  downloadsAllowed: { one: "{count} Download", other: "{count} Downloads" },
  withPassword: "Passwort",

  secretLead: "Dieser Server verlangt ein Upload-Geheimnis. Wer ihn betreibt, kann es nennen.",
  secretField: "Upload-Geheimnis",
  secretKeep: "In diesem Browser merken",
  secretMissing: "Bitte das Upload-Geheimnis eingeben.",
  secretKept: "Das Upload-Geheimnis ist in diesem Browser gemerkt.",
  secretForget: "Upload-Geheimnis vergessen",
  secretForgotten: "Das Upload-Geheimnis wurde vergessen.",

  sendingHeading: "Wird gesendet",
  sendingProgress: "Fortschritt des Uploads",
  statePreparing: "Wird vorbereitet …",
  stateSending: "Wird gesendet …",
  stateWaiting: "Warten auf das Netz. Es geht von selbst weiter.",
  stateWaitingSeconds: "Warten auf das Netz. Nächster Versuch in {time}.",
  statePaused: "Angehalten",
  stateCompleting: "Der Link wird erstellt …",
  progressBytes: "{done} von {total}",
  progressAtMost: "{done} von höchstens {total}",
  rate: "{size}/s",
  timeLeft: "noch etwa {time}",
  percentDone: "{percent} fertig",
  alreadyThere: "{size} waren schon da.",
  restarted: "Die Dateien haben sich geändert. Alles wird unter einem neuen Schlüssel noch einmal gesendet.",
  keepOpen: "Diese Seite bitte offen lassen, bis der Link da ist.",
  pause: "Anhalten",
  continue: "Fortsetzen",
  cancelSendHeading: "Diesen Upload abbrechen?",
  cancelSendText: "Was schon gesendet wurde, wird gelöscht.",
  cancelSendDo: "Upload abbrechen",
  keepSending: "Weiter senden",
  sendCancelled: "Der Upload wurde abgebrochen.",
  titlePercent: "{percent} · {title}",

  sentHeading: "Der Link ist fertig",
  linkField: "Link",
  copyLink: "Link kopieren",
  copied: "Kopiert",
  copyFailed: "Kopieren hat nicht geklappt. Der Link ist markiert und lässt sich von Hand kopieren.",
  shareLink: "Teilen",
  qrLabel: "QR-Code des Links",
  qrFailed: "Der QR-Code ließ sich nicht erstellen.",
  sentNeedsPassword: "Das Passwort bitte auf einem anderen Weg senden, nicht zusammen mit dem Link.",
  linkIsSecret: "Wer diesen Link hat, kann die Dateien öffnen. Am besten auf einem vertrauten Weg senden.",
  manageHeading: "Verwaltungslink",
  manageWords:
    "Damit lassen sich Downloads ansehen, Grenzen ändern, Links hinzufügen und alles löschen. Das kann jeder, der " +
    "ihn hat: bitte für sich behalten. Er wird nur jetzt angezeigt.",
  manageField: "Verwaltungslink",
  copyManage: "Verwaltungslink kopieren",
  openManage: "Verwaltung öffnen",
  sendMore: "Mehr senden",

  unfinishedHeading: "Angefangener Upload",
  unfinishedBegun: "Begonnen {when}. {done} von {total} sind schon da.",
  unfinishedPick: "Bitte dieselben Dateien noch einmal auswählen. Nur was fehlt, wird gesendet.",
  unfinishedReady: "Alles wurde gesendet. Es fehlt nur noch der Link.",
  unfinishedContinue: "Upload fortsetzen",
  unfinishedPickFiles: "Dateien erneut auswählen",
  unfinishedPickFolder: "Ordner erneut auswählen",
  unfinishedForget: "Verwerfen",
  forgetHeading: "Diesen Upload verwerfen?",
  forgetText: "Was schon gesendet wurde, wird gelöscht. Die Dateien auf diesem Gerät bleiben, wie sie sind.",
  forgetDo: "Upload verwerfen",
  forgotten: "Der Upload wurde verworfen.",
  unfinishedMissing: {
    one: "{count} Datei dieses Uploads fehlt noch:",
    other: "{count} Dateien dieses Uploads fehlen noch:",
  },
  unfinishedNone: "Keine dieser Dateien gehört zum angefangenen Upload.",
  unfinishedPassword: "Das Passwort dieses Uploads ist nicht gespeichert. Bitte noch einmal eingeben.",
  passwordAgainHeading: "Passwort dieses Uploads",
  passwordEmpty: "Bitte das Passwort eingeben.",

  openTitle: "Dateien öffnen",
  openChecking: "Der Link wird geöffnet …",
  openHeading: "Dateien für Sie",
  passwordHeading: "Ein Passwort ist nötig",
  passwordLead: "Diese Dateien sind mit einem Passwort geschützt. Wer sie gesendet hat, kann es nennen.",
  passwordField: "Passwort",
  passwordLimits: "Die Zahl der Versuche ist begrenzt. Bitte auf Groß- und Kleinschreibung achten.",
  passwordWrong: "Das Passwort ist falsch, oder der Link wurde verändert.",
  passwordChecking: "Wird geprüft …",
  openButton: "Öffnen",
  noteLabel: "Notiz",
  noFiles: "Hier sind keine Dateien enthalten.",
  filesLabel: "Dateien",
  selectAll: "Alle Dateien",
  selectOne: "{name} auswählen",
  saveOne: "{name} speichern",
  viewOne: "Text von {name} anzeigen",
  saveAll: "Alle speichern",
  saveFile: "Speichern",
  saveSelected: { one: "{count} Datei speichern", other: "{count} Dateien speichern" },
  saveNone: "Dateien zum Speichern auswählen",
  asZip: "als eine ZIP-Datei",
  usesDownload: { one: "verbraucht 1 von {count} Download", other: "verbraucht 1 von {count} Downloads" },
  endsIn: "Läuft {when} ab ({date})",
  ended: "Abgelaufen {when} ({date})",
  endsNever: "Läuft nicht ab",
  grantKept: "Der Download hat begonnen. Erneutes Speichern verbraucht keinen weiteren.",
  downloadsLeft: { one: "noch {count} Download", other: "noch {count} Downloads" },
  noDownloadsLeft: "Keine Downloads mehr übrig",
  saveLimit:
    "Dieser Browser kann höchstens {size} auf einmal speichern. Weniger Dateien auswählen oder den Link in Chrome, " +
    "Edge oder Firefox auf einem Computer öffnen.",
  saveLimitKnown: "Dieser Browser kann höchstens {size} auf einmal speichern.",
  textShown: "Text von {name}",
  copyText: "Text kopieren",
  textNotText: "Diese Datei ist kein reiner Text. Bitte stattdessen speichern.",
  viewSpendsHeading: "Diesen Text anzeigen?",
  viewSpends: {
    one: "Das verbraucht den einzigen Download dieses Links. Danach lässt sich noch alles speichern.",
    other: "Das verbraucht 1 von {count} Downloads. Danach lässt sich noch alles speichern.",
  },
  viewSpendsDo: "Text anzeigen",

  savingHeading: "Wird gespeichert",
  savingProgress: "Fortschritt des Downloads",
  stateStarting: "Es geht los …",
  stateSaving: "Wird gespeichert und geprüft …",
  stateFinishing: "Gleich fertig …",
  keepOpenSaving: "Diese Seite bitte offen lassen, bis alles gespeichert ist.",
  cancelSaveHeading: "Speichern abbrechen?",
  cancelSaveText: "Was bisher gespeichert wurde, ist nicht vollständig.",
  cancelSaveDo: "Speichern abbrechen",
  keepSaving: "Weiter speichern",
  saveCancelled: "Das Speichern wurde abgebrochen. Was bisher gespeichert wurde, ist nicht vollständig.",
  savedHeading: "Gespeichert",
  savedText: {
    one: "{count} Datei, {size}. Alles ist vollständig und so, wie es gesendet wurde.",
    other: "{count} Dateien, {size}. Alles ist vollständig und so, wie es gesendet wurde.",
  },
  savedWhere: "Zu finden bei den Downloads des Browsers oder am gewählten Ort.",
  backToFiles: "Zurück zu den Dateien",
  savedRetryFree: "Ein neuer Versuch verbraucht keinen weiteren Download.",

  escapedHeading: "Der Link wurde unterwegs verändert",
  escapedLead: "Manche Mailprogramme ersetzen das # in einem Link. Das lässt sich hier beheben.",
  escapedButton: "Dateien öffnen",
  escapedNote: "In dieser Form ging der Schlüssel aus dem Link an den Server. Künftig bitte den Link mit # verwenden.",

  manageTitle: "Verwalten",
  managePageHeading: "Gesendete Dateien verwalten",
  manageChecking: "Der Server wird gefragt …",
  createdOn: "Gesendet {when} ({date})",
  storedSize: "{size} auf dem Server",
  linksHeading: "Links",
  linkUnnamed: "Link {count}",
  linkLive: "Funktioniert",
  linkExpired: "Abgelaufen",
  linkUsedUp: "Aufgebraucht",
  linkRevoked: "Widerrufen",
  linkHasPassword: "Mit Passwort",
  linkDirect: "Direkt",
  linkDirectHint: "Öffnet direkt: der Server liest die Dateien bei jedem Gebrauch.",
  shareDirect:
    "Ein Link zu diesen Dateien ist oder war ein Direktlink. Damit kann dieser Server sie lesen: er entschlüsselt sie " +
    "immer, wenn der Link geöffnet wird.",
  linkUsed: { one: "{count}-mal heruntergeladen", other: "{count}-mal heruntergeladen" },
  linkLeft: { one: "noch {count} übrig", other: "noch {count} übrig" },
  linkUncapped: "beliebig viele übrig",
  linkLastUsed: "Zuletzt {when} benutzt",
  linkNeverUsed: "Noch nicht benutzt",
  linkUncounted: "Direkte Aufrufe werden nicht gezählt",
  change: "{name} ändern",
  changeShort: "Ändern",
  revokeShort: "Widerrufen",
  changeHeading: "Grenzen ändern",
  changeKeep: "wie bisher",
  changeDownloads: "Downloads insgesamt",
  changeDownloadsHint: "Schon erfolgte zählen mit. Leer lassen für beliebig viele.",
  changeExpiry: "Ablauf, von jetzt an",
  save: "Speichern",
  revoke: "{name} widerrufen",
  revokeHeading: "Diesen Link widerrufen?",
  revokeText:
    "Er funktioniert sofort nicht mehr, und das lässt sich nicht zurücknehmen. Was schon heruntergeladen wurde, " +
    "bleibt beim Empfänger.",
  revokeDo: "Link widerrufen",
  addLink: "Link hinzufügen",
  addLinkHeading: "Link hinzufügen",
  addLinkLabel: "Bezeichnung",
  addLinkLabelHint: "Nur hier sichtbar, zum Beispiel für wen der Link ist.",
  addLinkDo: "Link hinzufügen",
  cannotAddLinks: "Hier lassen sich keine Links hinzufügen.",
  newLinkHeading: "Neuer Link",
  newLinkOnce: "Er wird nur jetzt angezeigt. Bitte gleich kopieren.",
  labelTooLong: "Die Bezeichnung ist zu lang.",
  deleteShare: "Alles löschen",
  deleteHeading: "Alles löschen?",
  deleteText:
    "Kein Link funktioniert mehr, und die Dateien werden vom Server gelöscht. Das lässt sich nicht rückgängig machen.",
  deleteDo: "Löschen",
  keep: "Behalten",
  deletedHeading: "Gelöscht",
  deletedText: "Die Dateien sind vom Server gelöscht, und kein Link funktioniert mehr.",
  changed: "Geändert",
  revoked: "Widerrufen",
  refresh: "Aktualisieren",
  refreshed: "Auf dem neuesten Stand",

  toolsLink: "Meine Programme einrichten",
  toolsHint: "Für Bildschirmfotos und Skripte: ShareX, curl und andere einrichten",
  toolsHeading: "Meine Programme einrichten",
  toolsLead:
    "Programme, die einfache Dateien senden, können sie hierher senden. Sie bekommen einen Direktlink: er zeigt das " +
    "Bild oder spielt das Video sofort.",
  toolsHonest:
    "Direktlinks sind für das, was dieser Server sehen darf. Er verschlüsselt die Dateien beim Empfang und vergisst den " +
    "Schlüssel, sieht sie aber dabei und immer, wenn der Link geöffnet wird. Was er nicht sehen soll, bitte auf der " +
    "Seite oder mit onekey put senden.",
  toolsOffHeading: "Dieser Server nimmt keine einfachen Dateien an",
  toolsOffText:
    "Wer ihn betreibt, hat Direktlinks abgeschaltet: er nimmt nur an, was vorher verschlüsselt wurde. Dateien bitte " +
    "auf der Seite oder mit dem Befehl onekey senden.",
  toolsForm: "Ein Formular ohne Programm und ohne JavaScript",
  forWindows: "Windows",
  forLinux: "Linux",
  forMac: "macOS",
  forPhone: "iPhone und iPad",
  forTerminal: "Terminal",
  copyShort: "Kopieren",
  copyNamed: "Kopieren: {name}",
  saveAs: "Als {name} speichern",
  secretPlaces:
    "Dieser Server verlangt ein Upload-Geheimnis. In diesen Texten steht dafür {placeholder}: dort das eigene " +
    "einsetzen. Diese Seite fragt nie danach.",
  secretNetrc:
    "curl, Flameshot und ksnip nehmen es aus der Datei ~/.netrc, damit es in keinem Befehl steht. Diese Zeile dort " +
    "anfügen und die Datei sonst niemanden lesen lassen: chmod 600 ~/.netrc",
  secretReplace: "Für {placeholder} das eigene Upload-Geheimnis einsetzen.",
  netrcLabel: "Zeile für ~/.netrc",
  shareXLink: "Datei für ShareX herunterladen",
  shareXOpen: "Mit Doppelklick öffnen und zustimmen, dass sie Bilder, Texte und Dateien hochlädt.",
  shareXUse:
    "Wie gewohnt aufnehmen und hochladen. Der Link ist in der Zwischenablage, der zum Löschen im Verlauf von ShareX.",
  shareXSecret:
    "ShareX fragt jedes Mal nach dem Upload-Geheimnis. Soll es auf dem Computer gespeichert sein: Ziele → Einstellungen " +
    "der benutzerdefinierten Uploader → Body, und dort als Wert von secret eintragen.",
  curlFile: "Eine Datei senden; der Link wird ausgegeben",
  curlPipe: "Senden, was ein anderer Befehl ausgibt",
  curlPut: "Eine Datei mit PUT senden",
  curlScript: "Ein Skript für all das: upload.sh",
  curlLimits: "Ein Link, der nach einem Tag oder drei Downloads endet",
  scriptLabel: "Skript für {name}",
  scriptSave: "Das Skript speichern und ausführbar machen: chmod +x",
  scriptNothing: "Es wurde nichts aufgenommen.",
  scriptFailed: "Hochladen fehlgeschlagen",
  scriptDone: "Link kopiert",
  flameshotKey:
    "In den Einstellungen der Arbeitsumgebung auf eine Taste legen. Es nimmt ein Bild auf, und der Link ist in der " +
    "Zwischenablage.",
  flameshotNeeds: "Es braucht curl und notify-send, dazu wl-copy unter Wayland oder xclip unter X11.",
  ksnipSettings:
    "In den Einstellungen von ksnip unter „Script Uploader“ auswählen und die Kopie der Ausgabe in die Zwischenablage " +
    "und das Anhalten bei Ausgaben auf StdErr einschalten.",
  ksnipUploader: "Unter „Uploader“ das Skript wählen.",
  ishareLabel: "Eigener Uploader für ishare 2",
  ishareSave: "Als Datei speichern.",
  ishareOpen: "Mit Doppelklick öffnen und in ishare als Uploader wählen.",
  shortcutsName: "Kurzbefehle",
  shortcutsUrl: "Adresse für „Inhalte von URL abrufen“",
  shortcutsNew: "Einen neuen Kurzbefehl anlegen und „Im Share-Sheet anzeigen“ für Bilder und Dateien einschalten.",
  shortcutsContents: "„Inhalte von URL abrufen“ mit der Adresse unten hinzufügen.",
  shortcutsMethod: "Methode: POST. Anfragehaupttext: Formular.",
  shortcutsHeader: "Header: Accept mit dem Text application/json",
  shortcutsFile: "Formular: ein Feld der Art „Datei“ mit dem Namen file und „Kurzbefehleingabe“.",
  shortcutsSecret: "Formular: ein Feld der Art „Text“ mit dem Namen secret und dem Upload-Geheimnis.",
  shortcutsValue: "„Wörterbuchwert abrufen“ für den Schlüssel url hinzufügen.",
  shortcutsCopy: "„In Zwischenablage kopieren“ hinzufügen.",
  onekeyWords:
    "Verschlüsselt, bevor etwas gesendet wird: der Server sieht weder Namen noch Inhalte. Mit --direct öffnet sich der " +
    "Link auch direkt, und dann kann der Server die Dateien lesen.",
  onekeyLabel: "Befehle",
});

// For each code of error.js: what happened, and what to do.

/** @typedef {Record<import("./error.js").ErrorCode, readonly [happened: string, todo: string]>} Failures */

/** @type {Failures} */
const failuresEn = {
  link_malformed: ["This is not a link of onekey", "Copy the whole link again, from https to its end."],
  key_missing: [
    "The key is missing from the link",
    "A link has a # and 43 characters behind it, and without them nothing can be opened. Copy the whole link, or " +
      "ask the sender for it again.",
  ],
  key_malformed: [
    "The key in the link is not complete",
    "There must be exactly 43 characters behind the #. Copy the whole link again, or ask the sender for it.",
  ],
  manage_link: [
    "This is a manage link",
    "It is for the sender. Open it in the address bar, or ask for the link to the files.",
  ],
  manage_link_malformed: [
    "This manage link is not complete",
    "Copy the whole manage link again, with everything behind the #.",
  ],
  password_required: ["A password is needed", "The sender can tell you what it is."],
  password_empty: ["The password is empty", "Type the password."],
  password_too_long: ["The password is too long", "A password can have up to 1,024 bytes. Choose a shorter one."],
  password_not_unicode: ["The password has characters that cannot be used", "Type it again, without broken symbols."],
  path_refused: [
    "A file name cannot be used",
    "Names cannot be empty, longer than 1,024 bytes, or have invisible control characters. Rename the file.",
  ],
  same_path: ["Two files have the same name", "Rename one of them."],
  nothing_to_send: ["There is nothing to send yet", "Choose files, a folder or write a text."],
  file_changed: [
    "A file changed while it was being sent",
    "Save and close it in other programs, choose it again and send it again.",
  ],
  file_unreadable: [
    "A file could not be read",
    "It may have been moved, deleted or locked by another program. Choose it again.",
  ],
  too_many_files: [
    "These are too many files for one share",
    "Put them into a zip file first, or send them in several parts.",
  ],
  header: [
    "What the server has is not a share",
    "It is damaged or of an unknown kind. Ask the sender to send it again.",
  ],
  unsupported_suite: [
    "This share uses a method that this page does not know",
    "Open it with the onekey command, or ask the sender to send it from this page.",
  ],
  wrong_key: ["The key does not fit these files", "The link may have been changed. Ask the sender for it again."],
  rejected: [
    "What the server has does not fit this link",
    "It was changed or is damaged. Do not use anything saved from it. Ask the sender to send it again.",
  ],
  size: ["What the server has is incomplete", "Do not use anything saved from it. Ask the sender to send it again."],
  damaged: [
    "These files are damaged",
    "What came from the server is not what was sent. Do not use what was saved. Try again, or ask the sender to " +
      "send it again.",
  ],
  truncated: [
    "These files are cut off",
    "The end is missing. Do not use what was saved. Try again, or ask the sender to send it again.",
  ],
  manifest: [
    "The list of files cannot be read",
    "It is damaged or was made by a faulty program. Ask the sender to send it again.",
  ],
  base64url: ["Something here is misspelt", "Copy the whole link again, or ask the sender for it."],
  network: ["The server cannot be reached", "Check the network, then try again. Nothing is lost."],
  not_onekey: [
    "Something else answered instead of the server",
    "A proxy or a login page of this network may be in between. Try again later or in another network.",
  ],
  storage: [
    "This browser’s storage does not work",
    "Leave private browsing or free some space, close other tabs of this page, and try again.",
  ],
  no_secure_context: [
    "This page needs a secure connection",
    "Browsers encrypt only on pages that begin with https. Open the address with https, or tell whoever runs this " +
      "server.",
  ],
  unsupported_browser: ["This browser is too old", "Update it, or use a current Chrome, Edge, Firefox or Safari."],
  too_large_for_memory: [
    "This is too large for this browser",
    "It cannot write straight to the disk. Choose fewer files, or open the link in Chrome, Edge or Firefox on a " +
      "computer.",
  ],
  download_lost: ["The browser ended the download", "Do not use what was saved. Try again and keep this page open."],
  disk_full: ["There is no room left on this device", "Free some space, then try again. Do not use what was saved."],
  cancelled: ["Cancelled", "Nothing more happens. You can begin again."],
  internal_page: [
    "Something went wrong in this page",
    "Reload the page and try again. If it happens again, tell whoever runs this server.",
  ],
  bad_request: [
    "The server did not accept this",
    "Reload the page and try again. If it happens again, tell whoever runs this server.",
  ],
  upload_secret_required: [
    "This server wants an upload secret",
    "Type it in. Whoever runs the server can give it to you.",
  ],
  cross_site: [
    "The browser sent this as another site’s request",
    "Open the server’s address in a new tab and try again.",
  ],
  owner_rejected: [
    "This manage link is not right",
    "It may be cut off or from another share. Copy the whole manage link again.",
  ],
  proof_rejected: ["The password is wrong, or the link was changed", "Try again. Attempts are limited."],
  upload_secret_rejected: ["The upload secret is wrong", "Type it again. Whoever runs the server can give it to you."],
  link_gone: [
    "There is nothing behind this link",
    "It has expired, was used up or deleted, or the link is not complete. Ask the sender for a new one.",
  ],
  not_found: ["This is not there, or no longer", "It may have been deleted or have ended. Ask for a new link."],
  method_not_allowed: [
    "The server does not know this request",
    "Page and server may differ in version. Reload the page and try again.",
  ],
  in_use: ["Another tab is sending these files", "Go on there, or close that tab and try again."],
  grant_ended: ["The time for this download is over", "Trying again uses one more download, if there is one left."],
  complete_differs: [
    "This upload was finished from somewhere else",
    "Look for its link in the other tab, or send the files again.",
  ],
  locator_taken: ["This link exists already", "Send again: a new link is made."],
  part_busy: ["Another tab is sending the same files", "Close it, or wait for half a minute and try again."],
  part_exists: ["This upload was continued somewhere else", "Send the files again."],
  parts_missing: ["Something is missing on the server", "Try again: what is missing is sent again."],
  wrong_state: ["This is over", "It was finished, deleted or has ended. Reload the page to see how it stands."],
  expired: ["This link has expired", "The sender set an end and it has passed. Ask for a new link."],
  revoked: ["This link was taken back", "The sender revoked it or deleted the files. Ask them if you still need it."],
  used_up: ["All downloads of this link are used up", "The sender set how many there are. Ask for a new link."],
  length_required: [
    "Something on the way changes what is sent",
    "A proxy may be in between. Try another network, or tell whoever runs this server.",
  ],
  too_large: ["This is more than the server takes", "Choose fewer or smaller files."],
  range_not_satisfiable: [
    "What the server has is incomplete",
    "Do not use what was saved. Ask the sender to send it again.",
  ],
  digest_mismatch: [
    "Something was damaged on the way to the server",
    "Try again. If it happens again, use another network.",
  ],
  too_many_links: [
    "This share has as many links as it can have",
    "Use one of the links there are, or wait until old ones are forgotten.",
  ],
  too_many_attempts: [
    "Too many attempts",
    "To protect these files, the server takes no more for now. Check the password with the sender.",
  ],
  quota: ["The server’s limit for you is reached for now", "Try again later."],
  internal: [
    "The server has lost a part of these files",
    "Tell whoever runs it, and ask the sender to send them again.",
  ],
  unavailable: ["The server is busy", "Try again in a moment."],
  storage_full: ["The server has no room left", "Try again later, with fewer files, or tell whoever runs it."],
};

/** @type {Failures} */
const failuresDe = {
  link_malformed: [
    "Das ist kein Link von onekey",
    "Bitte den ganzen Link noch einmal kopieren, von https bis zum Ende.",
  ],
  key_missing: [
    "Im Link fehlt der Schlüssel",
    "Zu einem Link gehören ein # und 43 Zeichen dahinter. Ohne sie lässt sich nichts öffnen. Bitte den ganzen Link " +
      "kopieren oder beim Absender erfragen.",
  ],
  key_malformed: [
    "Der Schlüssel im Link ist nicht vollständig",
    "Hinter dem # müssen genau 43 Zeichen stehen. Bitte den ganzen Link noch einmal kopieren oder beim Absender " +
      "erfragen.",
  ],
  manage_link: [
    "Das ist ein Verwaltungslink",
    "Er ist für den Absender. Bitte in der Adresszeile öffnen oder nach dem Link zu den Dateien fragen.",
  ],
  manage_link_malformed: [
    "Dieser Verwaltungslink ist nicht vollständig",
    "Bitte den ganzen Verwaltungslink noch einmal kopieren, mit allem hinter dem #.",
  ],
  password_required: ["Ein Passwort ist nötig", "Wer die Dateien gesendet hat, kann es nennen."],
  password_empty: ["Das Passwort ist leer", "Bitte das Passwort eingeben."],
  password_too_long: ["Das Passwort ist zu lang", "Höchstens 1.024 Byte sind möglich. Bitte ein kürzeres wählen."],
  password_not_unicode: [
    "Das Passwort enthält unbrauchbare Zeichen",
    "Bitte noch einmal eingeben, ohne beschädigte Zeichen.",
  ],
  path_refused: [
    "Ein Dateiname ist nicht möglich",
    "Namen dürfen nicht leer sein, nicht länger als 1.024 Byte und keine unsichtbaren Steuerzeichen enthalten. " +
      "Bitte die Datei umbenennen.",
  ],
  same_path: ["Zwei Dateien heißen gleich", "Bitte eine davon umbenennen."],
  nothing_to_send: [
    "Hier ist noch nichts zum Senden",
    "Bitte Dateien oder einen Ordner auswählen oder einen Text schreiben.",
  ],
  file_changed: [
    "Eine Datei hat sich beim Senden geändert",
    "Bitte in anderen Programmen speichern und schließen, neu auswählen und noch einmal senden.",
  ],
  file_unreadable: [
    "Eine Datei ließ sich nicht lesen",
    "Vielleicht wurde sie verschoben, gelöscht oder ist gesperrt. Bitte noch einmal auswählen.",
  ],
  too_many_files: [
    "Das sind zu viele Dateien auf einmal",
    "Bitte vorher in eine ZIP-Datei packen oder in mehreren Teilen senden.",
  ],
  header: [
    "Was auf dem Server liegt, lässt sich nicht öffnen",
    "Es ist beschädigt oder von unbekannter Art. Bitte um erneutes Senden bitten.",
  ],
  unsupported_suite: [
    "Hier wurde ein Verfahren verwendet, das diese Seite nicht kennt",
    "Bitte mit dem Befehl onekey öffnen oder um Senden über diese Seite bitten.",
  ],
  wrong_key: [
    "Der Schlüssel passt nicht zu diesen Dateien",
    "Vielleicht wurde der Link verändert. Bitte beim Absender noch einmal erfragen.",
  ],
  rejected: [
    "Was auf dem Server liegt, passt nicht zu diesem Link",
    "Es wurde verändert oder ist beschädigt. Bitte nichts davon verwenden und um erneutes Senden bitten.",
  ],
  size: ["Was auf dem Server liegt, ist unvollständig", "Bitte nichts davon verwenden und um erneutes Senden bitten."],
  damaged: [
    "Diese Dateien sind beschädigt",
    "Was vom Server kam, ist nicht das, was gesendet wurde. Das Gespeicherte bitte nicht verwenden. Noch einmal " +
      "versuchen oder um erneutes Senden bitten.",
  ],
  truncated: [
    "Diese Dateien sind abgeschnitten",
    "Das Ende fehlt. Das Gespeicherte bitte nicht verwenden. Noch einmal versuchen oder um erneutes Senden bitten.",
  ],
  manifest: [
    "Die Dateiliste lässt sich nicht lesen",
    "Sie ist beschädigt oder stammt von einem fehlerhaften Programm. Bitte um erneutes Senden bitten.",
  ],
  base64url: [
    "Hier hat sich ein Fehler eingeschlichen",
    "Bitte den ganzen Link noch einmal kopieren oder beim Absender erfragen.",
  ],
  network: [
    "Der Server ist nicht erreichbar",
    "Bitte die Netzverbindung prüfen und noch einmal versuchen. Es geht nichts verloren.",
  ],
  not_onekey: [
    "Statt des Servers hat etwas anderes geantwortet",
    "Vielleicht ist die Anmeldeseite dieses Netzes dazwischen. Bitte später oder in einem anderen Netz versuchen.",
  ],
  storage: [
    "Der Speicher dieses Browsers funktioniert nicht",
    "Bitte das private Fenster verlassen oder Platz schaffen, andere Tabs dieser Seite schließen und noch einmal " +
      "versuchen.",
  ],
  no_secure_context: [
    "Diese Seite braucht eine sichere Verbindung",
    "Browser verschlüsseln nur auf Seiten, deren Adresse mit https beginnt. Bitte die Adresse mit https öffnen " +
      "oder dem Betreiber des Servers Bescheid geben.",
  ],
  unsupported_browser: [
    "Dieser Browser ist zu alt",
    "Bitte aktualisieren oder einen aktuellen Chrome, Edge, Firefox oder Safari verwenden.",
  ],
  too_large_for_memory: [
    "Das ist zu groß für diesen Browser",
    "Er kann nicht direkt auf die Festplatte schreiben. Weniger Dateien auswählen oder den Link in Chrome, Edge " +
      "oder Firefox auf einem Computer öffnen.",
  ],
  download_lost: [
    "Der Browser hat den Download beendet",
    "Das Gespeicherte bitte nicht verwenden. Noch einmal versuchen und diese Seite offen lassen.",
  ],
  disk_full: [
    "Auf diesem Gerät ist kein Platz mehr",
    "Bitte Platz schaffen und noch einmal versuchen. Das Gespeicherte bitte nicht verwenden.",
  ],
  cancelled: ["Abgebrochen", "Es passiert nichts weiter. Ein neuer Anfang ist jederzeit möglich."],
  internal_page: [
    "Auf dieser Seite ist etwas schiefgegangen",
    "Bitte neu laden und noch einmal versuchen. Hilft das nicht, bitte dem Betreiber des Servers Bescheid geben.",
  ],
  bad_request: [
    "Der Server hat das nicht angenommen",
    "Bitte neu laden und noch einmal versuchen. Hilft das nicht, bitte dem Betreiber des Servers Bescheid geben.",
  ],
  upload_secret_required: [
    "Dieser Server verlangt ein Upload-Geheimnis",
    "Bitte eingeben. Wer den Server betreibt, kann es nennen.",
  ],
  cross_site: [
    "Der Browser hielt das für die Anfrage einer anderen Seite",
    "Bitte die Adresse des Servers in einem neuen Tab öffnen und noch einmal versuchen.",
  ],
  owner_rejected: [
    "Dieser Verwaltungslink stimmt nicht",
    "Vielleicht ist er abgeschnitten oder gehört zu anderen Dateien. Bitte den ganzen Link noch einmal kopieren.",
  ],
  proof_rejected: [
    "Das Passwort ist falsch, oder der Link wurde verändert",
    "Bitte noch einmal versuchen. Die Zahl der Versuche ist begrenzt.",
  ],
  upload_secret_rejected: [
    "Das Upload-Geheimnis ist falsch",
    "Bitte noch einmal eingeben. Wer den Server betreibt, kann es nennen.",
  ],
  link_gone: [
    "Hinter diesem Link ist nichts",
    "Er ist abgelaufen, aufgebraucht, gelöscht oder nicht vollständig. Bitte um einen neuen Link bitten.",
  ],
  not_found: [
    "Das gibt es nicht oder nicht mehr",
    "Vielleicht wurde es gelöscht oder ist abgelaufen. Bitte um einen neuen Link bitten.",
  ],
  method_not_allowed: [
    "Der Server kennt diese Anfrage nicht",
    "Vielleicht passen Seite und Server nicht zusammen. Bitte neu laden und noch einmal versuchen.",
  ],
  in_use: [
    "Ein anderer Tab sendet diese Dateien",
    "Bitte dort weitermachen oder ihn schließen und noch einmal versuchen.",
  ],
  grant_ended: [
    "Die Zeit für diesen Download ist vorbei",
    "Ein neuer Versuch verbraucht einen weiteren Download, falls es noch einen gibt.",
  ],
  complete_differs: [
    "Dieser Upload wurde an anderer Stelle beendet",
    "Der Link steht vielleicht in einem anderen Tab. Sonst bitte noch einmal senden.",
  ],
  locator_taken: ["Diesen Link gibt es schon", "Bitte noch einmal senden, dann entsteht ein neuer."],
  part_busy: [
    "Ein anderer Tab sendet dieselben Dateien",
    "Bitte schließen oder eine halbe Minute warten und noch einmal versuchen.",
  ],
  part_exists: ["Dieser Upload wurde an anderer Stelle fortgesetzt", "Bitte die Dateien noch einmal senden."],
  parts_missing: ["Auf dem Server fehlt noch etwas", "Bitte noch einmal versuchen: was fehlt, wird erneut gesendet."],
  wrong_state: ["Das ist vorbei", "Es wurde beendet, gelöscht oder ist abgelaufen. Neu laden zeigt den Stand."],
  expired: ["Dieser Link ist abgelaufen", "Beim Senden wurde ein Ende festgelegt. Bitte um einen neuen Link bitten."],
  revoked: [
    "Dieser Link wurde zurückgenommen",
    "Er wurde widerrufen, oder die Dateien wurden gelöscht. Bei Bedarf bitte beim Absender nachfragen.",
  ],
  used_up: [
    "Alle Downloads dieses Links sind aufgebraucht",
    "Ihre Zahl wurde beim Senden festgelegt. Bitte um einen neuen Link bitten.",
  ],
  length_required: [
    "Unterwegs wird etwas verändert",
    "Vielleicht ist ein Proxy dazwischen. Bitte ein anderes Netz versuchen oder dem Betreiber des Servers Bescheid " +
      "geben.",
  ],
  too_large: ["Das ist mehr, als der Server annimmt", "Bitte weniger oder kleinere Dateien wählen."],
  range_not_satisfiable: [
    "Was auf dem Server liegt, ist unvollständig",
    "Das Gespeicherte bitte nicht verwenden. Bitte um erneutes Senden bitten.",
  ],
  digest_mismatch: [
    "Auf dem Weg zum Server wurde etwas beschädigt",
    "Bitte noch einmal versuchen. Hilft das nicht, bitte ein anderes Netz verwenden.",
  ],
  too_many_links: [
    "Mehr Links sind hier nicht möglich",
    "Bitte einen der vorhandenen verwenden oder warten, bis alte vergessen sind.",
  ],
  too_many_attempts: [
    "Zu viele Versuche",
    "Zum Schutz der Dateien nimmt der Server vorerst keine weiteren an. Bitte das Passwort beim Absender erfragen.",
  ],
  quota: ["Das Limit auf diesem Server ist vorerst erreicht", "Bitte später noch einmal versuchen."],
  internal: [
    "Der Server hat einen Teil dieser Dateien verloren",
    "Bitte dem Betreiber Bescheid geben und um erneutes Senden bitten.",
  ],
  unavailable: ["Der Server ist beschäftigt", "Bitte gleich noch einmal versuchen."],
  storage_full: [
    "Auf dem Server ist kein Platz mehr",
    "Bitte später oder mit weniger Dateien versuchen oder dem Betreiber Bescheid geben.",
  ],
};

/** @typedef {keyof typeof en} WordKey */

/** @typedef {{words: Record<WordKey, Phrase>, failures: Failures}} Vocabulary */

/** @type {{en: Vocabulary, de: Vocabulary}} */
export const LANGUAGES = { en: { words: en, failures: failuresEn }, de: { words: de, failures: failuresDe } };

/** @typedef {keyof typeof LANGUAGES} Language */

/**
 * Returns the first of a person's languages that the page speaks.
 * @param {readonly string[]} wanted
 * @returns {Language}
 */
export function chooseLanguage(wanted) {
  for (const tag of wanted) {
    const [base] = tag.toLowerCase().split("-");
    if (base === "en" || base === "de") return base;
  }
  return "en";
}

const tags = globalThis.navigator?.languages ?? ["en"];

export const language = chooseLanguage(tags);

/** For `Intl`: with the region, if the person's language is one of ours. */
export const locale = tags.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;

const plural = new Intl.PluralRules(language);
const number = new Intl.NumberFormat(locale);

/**
 * Splits a phrase at its places.
 * @param {WordKey} key
 * @param {number} [count] chooses the plural form
 * @returns {string[]} text and names of places by turns, text first and last
 */
function pieces(key, count) {
  const phrase = LANGUAGES[language].words[key];
  const text = typeof phrase === "string" ? phrase : plural.select(count ?? 0) === "one" ? phrase.one : phrase.other;
  return text.split(/\{(\w+)\}/);
}

/**
 * Says a phrase.
 * @param {WordKey} key
 * @param {Record<string, string | number>} [values] for its places; numbers are printed as the language does
 * @returns {string}
 */
export function say(key, values = {}) {
  const print = (/** @type {string | number | undefined} */ value) =>
    typeof value === "number" ? number.format(value) : (value ?? "");
  return pieces(key, Number(values.count))
    .map((piece, index) => (index % 2 ? print(values[piece]) : piece))
    .join("");
}

/**
 * Returns the words for a failure.
 * @param {import("./error.js").ErrorCode} code
 * @returns {{happened: string, todo: string}}
 */
export function sayFailure(code) {
  const [happened, todo] = LANGUAGES[language].failures[code] ?? LANGUAGES[language].failures.internal_page;
  return { happened, todo };
}
