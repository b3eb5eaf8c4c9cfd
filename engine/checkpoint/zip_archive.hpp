#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace sketchscope {

/// Returns the files of a zip archive by name, Zip64 included. They must be stored uncompressed, as
/// torch.save does; the spans point into `bytes`. Throws Error on damage and on compressed files.
/// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
std::map<std::string, std::span<const std::byte>> read_zip(std::span<const std::byte> bytes,
                                                           const std::string& source);

}  // namespace sketchscope
