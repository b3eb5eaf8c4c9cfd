#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sketchscope {

/// The files of a zip archive, by name.
using ZipFiles = std::map<std::string, std::string>;

/// An archive of them, compressed, with a checksum each.
std::string zip(const ZipFiles& files);

/// The files of the archive `bytes`, which came from `source`. Throws Error where it is damaged:
/// cut short, altered, or unpacking to more than `limit` bytes.
ZipFiles unzip(std::string_view bytes, const std::string& source,
               std::size_t limit = std::size_t{2} << 30U);

}  // namespace sketchscope
