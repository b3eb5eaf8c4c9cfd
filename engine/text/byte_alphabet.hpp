#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sketchscope::text {

// GPT-2's vocabulary files write every byte as one printable character: bytes that are printable
// in Latin-1 as themselves, the others as U+0100 and up in their order.

/// Returns the bytes that a vocabulary entry stands for; nullopt if one of its characters stands
/// for no byte.
std::optional<std::string> bytes_from_printable(std::string_view entry);

/// Returns the vocabulary entry, in UTF-8, that stands for some bytes.
std::string printable_from_bytes(std::string_view bytes);

}  // namespace sketchscope::text
