package files

import "bytes"

// archive says what to do with a file that holds others or is packed or encoded
// in a way that is not read, "" for any other file. Source: the formats' magic
// numbers, as file(1) knows them.
func archive(head []byte) string {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("PK\x03\x04"), starts("PK\x05\x06"):
		return "a zip archive: unpack it first"
	case len(head) >= 262 && string(head[257:262]) == "ustar":
		return "a tar archive: unpack it first"
	case starts("7z\xbc\xaf\x27\x1c"):
		return "a 7z archive: unpack it first"
	case starts("BZh") && len(head) > 9 && string(head[4:10]) == "1AY&SY":
		return "compressed with bzip2: unpack it first, or compress it with gzip instead"
	case starts("\x28\xb5\x2f\xfd"):
		return "compressed with zstd: unpack it first, or compress it with gzip instead"
	case starts("\xfd7zXZ\x00"):
		return "compressed with xz: unpack it first, or compress it with gzip instead"
	case starts("PAR1"):
		return "a Parquet file: only sizewise's own lake is read as Parquet"
	case isUTF16(head):
		return "UTF-16 text: convert it first, for example with iconv -f UTF-16 -t UTF-8"
	}
	return ""
}

// isUTF16 tells text of two bytes a character, most of which are ASCII: PowerShell
// redirects output so.
func isUTF16(head []byte) bool {
	if len(head) < 8 {
		return false
	}
	head = head[:min(len(head), 64)&^1]
	little, big := 0, 0
	for i := 0; i < len(head); i += 2 {
		switch {
		case head[i] != 0 && head[i+1] == 0:
			little++
		case head[i] == 0 && head[i+1] != 0:
			big++
		}
	}
	most := len(head)/2 - 1 // the first may be the byte order mark
	return little >= most || big >= most
}
