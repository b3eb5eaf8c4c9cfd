#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sketchscope {

/// The contents of the files in a zip archive, by name.
using ZipFiles = std::map<std::string, std::string>;

/// Returns a compressed zip archive of the files, each with a checksum.
std::string zip(const ZipFiles& files);

/// Returns the files of the archive `bytes`, which came from `source`. Throws Error naming it where
/// the archive is truncated or altered, or would unpack to more than `limit` bytes.
ZipFiles unzip(std::string_view bytes, const std::string& source,
               std::size_t limit = std::size_t{2} << 30U);

}  // namespace sketchscope
