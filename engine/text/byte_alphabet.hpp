#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sketchscope {

/// GPT-2's vocabulary files write every byte as one printable character: bytes that are printable
/// in Latin-1 as themselves, the others as U+0100 and up in their order.

/// The bytes behind a vocabulary entry; empty if it has a character that stands for no byte.
std::optional<std::string> bytes_from_printable(std::string_view entry);

/// The vocabulary entry of some bytes, UTF-8.
std::string printable_from_bytes(std::string_view bytes);

}  // namespace sketchscope
