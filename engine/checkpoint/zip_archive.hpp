#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace sketchscope {

/// The files of a zip archive that stores them uncompressed, as torch.save does, by name; Zip64
/// too. The spans point into `bytes`. Throws Error on damage and on compressed files. Format:
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
std::map<std::string, std::span<const std::byte>> read_zip(std::span<const std::byte> bytes,
                                                           const std::string& source);

}  // namespace sketchscope
