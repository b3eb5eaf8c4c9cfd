#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sketchscope::checkpoint {

/// Returns the text from its first visible character on, without a byte order mark.
std::string_view without_blanks(std::string_view text);

/// Throws Error naming what a file is if its first bytes are those of something else that lies
/// under the name of a weight file: a Git LFS pointer, a web page, an archive, weights of another
/// format. Returns where they are none of these. `source` names the
/// file in the message, and `expected` says what that name stands for.
void refuse_foreign(std::span<const std::byte> bytes, const std::string& source,
                    const std::string& expected);

}  // namespace sketchscope::checkpoint
