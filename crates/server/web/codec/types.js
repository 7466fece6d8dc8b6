// Which types are compressed already, by their names.
//
// What stands here is stored as it is without a look at it. A type that is left out costs a try; one that does not
// belong here costs its whole gain. The list is that of the command-line client
// (crates/client/src/put/compress/types.rs), with the table of media types that it asks written out.

const EXTENSIONS = new Set(
  [
    // Streams and archives.
    "7z apk ace arj br bz2 cab cbr cbz crx deb dmg gz ipa jar lha lz lz4 lzh lzma lzo nupkg pack rar rpm snap",
    "squashfs sz",
    "tbz tbz2 tgz tlz txz tzst vsix war whl wim xpi xz z zip zipx zst",
    // Documents that are archives.
    "docm docx dotx epub kmz numbers odg odp ods odt ott pages pptm pptx xlsb xlsm xlsx",
    // Fonts.
    "woff woff2",
    // Encrypted: nothing shrinks.
    "age gpg kdbx pgp",
    // Pictures, sound and films whose types are not known everywhere.
    "avif heic heif jp2 jxl webp aac ape flac m4a mka opus wv m2ts m4v mkv mp4 webm",
    // Films.
    "3g2 3gp 3gp2 3gpp asf asr avi axv dif divx dvb f4v fli flv fvt h261 h263 h264 ivf jpgm jpgv lsf lsx m1v m2t m2v",
    "m4u mj2",
    "mjp2 mk3d mks mng mod mov movie mp2v mp4v mpa mpe mpeg mpg mpg4 mpv2 mqv mxu nsc ogv pyv qt smv tts uvh uvm uvp",
    "uvs uvu",
    "uvv uvvh uvvm uvvp uvvs uvvu uvvv vbk viv vob wm wmp wmv wmx wvx",
    // Pictures.
    "3ds apng art arw avifs btif cod cr2 cr3 crw djv djvu dng fbs fpx fst g3 gif hdr heics heifs ief jfif jng jpe",
    "jpeg jpf jpg",
    "jpg2 jpm jpx k25 kdc mac mdi mmr mrw nef npx nrw orf pct pef pic pict png pnt pntg pnz qti qtif raf raw rf rlc",
    "rw2 rwl sgi",
    "sid sr2 uvg uvi uvvg uvvi wbmp wdp x3f xif",
    // Sound.
    "aa aax ac3 adt adts axa dra dts dtshd ecelp4800 ecelp7470 ecelp9600 eol gsm lvp m2a m3a m4b m4p m4r mp2 mp2a mp3",
    "mp4a mpga",
    "oga ogg pya rip sd2 sil smd smx smz spx uva uvva wax weba wma",
  ].flatMap((line) => line.split(" ")),
);

/** @param {string} name of a file, or its path @returns {boolean} whether it is known to be compressed */
export function isCompressed(name) {
  const file = name.slice(name.lastIndexOf("/") + 1);
  const dot = file.lastIndexOf(".");
  return dot >= 0 && EXTENSIONS.has(file.slice(dot + 1).toLowerCase());
}
