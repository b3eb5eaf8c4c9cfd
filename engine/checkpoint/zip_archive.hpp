#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sketchscope::checkpoint {

/// The files of a zip archive.
struct ZipContents {
  std::map<std::string, std::span<const std::byte>> stored;  ///< views of the archive, by name
  std::vector<std::string> compressed;                       ///< names of those that are not read
};

/// Returns the files of a zip archive, Zip64 included. Throws Error naming `source` on damage.
/// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
ZipContents read_zip(std::span<const std::byte> bytes, const std::string& source);

}  // namespace sketchscope::checkpoint
