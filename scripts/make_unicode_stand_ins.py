#!/usr/bin/env python3
"""Writes engine/text/unicode_stand_ins_table.cpp.

PCRE2 10.42, which Debian 12 and Ubuntu 24.04 have, knows the characters of Unicode 14; the regular
expressions of Hugging Face's `tokenizers` (Oniguruma) know a later version. The table gives every
character whose general category differs a stand-in: an older character of the same category, the
same length in UTF-8 and, for Han, the same script. Needs `tokenizers` and a Python whose
unicodedata is of Unicode 14 (3.11).
"""

import pathlib
import sys
import unicodedata

from tokenizers import Regex, pre_tokenizers

CATEGORIES = ("Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp "
              "Cc Cf Co").split()
OUTPUT = pathlib.Path(__file__).parent.parent / "engine/text/unicode_stand_ins_table.cpp"
MONGOLIAN_VOWEL_SEPARATOR = 0x180E
ZERO_WIDTH_SPACE = 0x200B


def points_of(pattern: str, characters: str) -> set:
    """Returns the code points of `characters` that the later tables put into a class."""
    keep = pre_tokenizers.Split(Regex(pattern + "+"), "removed", invert=True)
    return {ord(c) for piece, _ in keep.pre_tokenize_str(characters) for c in piece}


def stand_in(point: int, category: str, han: bool, older: dict) -> int:
    length = len(chr(point).encode())
    if han:
        return 0x4E00 if length == 3 else 0x20000
    candidates = (p for p in older[category] if len(chr(p).encode()) == length)
    found = next(candidates, None)
    if found is None:
        sys.exit(f"no older character of category {category} has {length} bytes, as U+{point:04X}")
    return found


def main() -> None:
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}; expected 14.0.0")
    points = [p for p in range(0x80, 0x110000) if not 0xD800 <= p < 0xE000]
    characters = "".join(map(chr, points))
    later = {p: c for c in CATEGORIES for p in points_of(rf"\p{{{c}}}", characters)}
    han = points_of(r"\p{Han}", characters)
    older = {c: [p for p in points if unicodedata.category(chr(p)) == c and later.get(p) == c
                 and p not in han] for c in CATEGORIES}

    ranges = []
    for point in points:
        category = later.get(point, "Cn")
        if category == unicodedata.category(chr(point)):
            continue
        if category == "Cn":
            sys.exit(f"U+{point:04X} has lost its category")
        other = stand_in(point, category, point in han, older)
        if ranges and ranges[-1][1] == point - 1 and ranges[-1][2] == other:
            ranges[-1][1] = point
        else:
            ranges.append([point, point, other])
    ranges.append([MONGOLIAN_VOWEL_SEPARATOR, MONGOLIAN_VOWEL_SEPARATOR, ZERO_WIDTH_SPACE])
    ranges.sort()

    rows = "\n".join(f"    {{0x{a:X}, 0x{b:X}, 0x{c:X}}}," for a, b, c in ranges)
    OUTPUT.write_text(f"""// Written by scripts/make_unicode_stand_ins.py; edit that instead.
#include "engine/text/unicode_stand_ins.hpp"

namespace sketchscope {{
namespace {{

constexpr StandInRange kStandInRanges[] = {{
{rows}
}};

}}  // namespace

std::span<const StandInRange> stand_in_ranges() {{
  return kStandInRanges;
}}

}}  // namespace sketchscope
""")
    print(len(ranges), "ranges,", sum(b - a + 1 for a, b, _ in ranges), "characters")


if __name__ == "__main__":
    main()
