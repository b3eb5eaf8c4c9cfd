#pragma once

#include <string>
#include <string_view>

namespace sketchscope::text {

/// Returns `text` with every occurrence of `from` replaced, left to right; an empty `from` changes
/// nothing.
std::string replaced_text(std::string_view text, std::string_view from, std::string_view to);

}  // namespace sketchscope::text
