#!/bin/sh
# Uploads files to @SERVER@ and prints a link for each.
#
#   upload.sh [-e EXPIRES] [-n DOWNLOADS] [FILE...]
#
# Without FILE, or for -, it uploads standard input. EXPIRES is like 12h, 7d or never.
# If the server wants an upload secret, set ONEKEY_UPLOAD_SECRET, or ONEKEY_UPLOAD_SECRET_FILE to a file that
# holds it. ONEKEY_SERVER names another server. Needs curl.
#
# These are direct links: whoever has one sees the file, and so does the server while it is opened.
set -eu

server=${ONEKEY_SERVER:-'@SERVER@'}
expires=
downloads=

usage() {
    echo "usage: upload.sh [-e EXPIRES] [-n DOWNLOADS] [FILE...]" >&2
    exit 2
}

while getopts e:n:h option; do
    case $option in
        e) expires=$OPTARG ;;
        n) downloads=$OPTARG ;;
        *) usage ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- -

command -v curl >/dev/null || { echo "upload.sh: curl is not installed" >&2; exit 1; }

secret=${ONEKEY_UPLOAD_SECRET:-}
if [ -z "$secret" ] && [ -n "${ONEKEY_UPLOAD_SECRET_FILE:-}" ]; then
    secret=$(cat -- "$ONEKEY_UPLOAD_SECRET_FILE")
fi

# Header fields go to curl as a configuration, not as arguments, which other users can read in `ps`.
field() {
    [ -z "$2" ] || printf 'header = "%s: %s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"
}

upload() {
    answer=$(curl -gsS -T "$1" -w '\n%{http_code}' --config /dev/fd/3 "${server%/}/" 3<<END
$(field X-Wonkey-Secret "$secret")
$(field Onekey-Expires "$expires")
$(field Onekey-Downloads "$downloads")
END
    ) || return 1
    status=${answer##*
}
    text=${answer%
*}
    case $status in
        2??) printf '%s\n' "${text%
}" ;;
        *) printf 'upload.sh: %s: %s\n' "$1" "${text%
}" >&2
           return 1 ;;
    esac
}

failed=0
for file; do
    if [ "$file" != - ] && [ ! -f "$file" ]; then
        echo "upload.sh: $file: no such file" >&2
        failed=1
        continue
    fi
    upload "$file" || failed=1
done
exit $failed
