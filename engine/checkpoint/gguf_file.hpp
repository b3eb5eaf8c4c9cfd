#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/gguf_blocks.hpp"
#include "engine/checkpoint/gguf_metadata.hpp"

namespace sketchscope::checkpoint {

class MappedFile;

/// One named tensor of a GGUF file, not yet copied.
struct GgufTensor {
  GgufType type = GgufType::other;
  std::string type_name;
  std::vector<std::int64_t> shape;  ///< as elsewhere: the axis of neighbouring numbers comes last
  std::span<const std::byte>
      bytes;  ///< row-major, in blocks along the last axis; empty for `other`

  /// Returns the number of values that the tensor holds.
  [[nodiscard]] std::size_t count() const;
};

/// A GGUF file of version 3: metadata (configuration and tokenizer) and tensors by name, as views
/// of the mapped file that live as long as it. Nothing in it is trusted: counts, sizes and offsets
/// are checked against the file before use. Format:
/// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
class GgufFile {
 public:
  /// Maps a file and reads its tables. Throws Error naming what is damaged or not supported.
  [[nodiscard]] static GgufFile open(const std::filesystem::path& file);

  [[nodiscard]] const GgufMetadata& metadata() const { return metadata_; }
  [[nodiscard]] const std::map<std::string, GgufTensor, std::less<>>& tensors() const {
    return tensors_;
  }
  /// Returns a tensor. Throws Error where it is missing or of a type that is not read.
  [[nodiscard]] const GgufTensor& tensor(std::string_view name) const;
  /// Returns the path of the file, for messages.
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  GgufFile(std::string source, std::shared_ptr<const MappedFile> mapping, GgufMetadata metadata,
           std::map<std::string, GgufTensor, std::less<>> tensors);

  std::string source_;
  std::shared_ptr<const MappedFile> mapping_;
  GgufMetadata metadata_;
  std::map<std::string, GgufTensor, std::less<>> tensors_;
};

}  // namespace sketchscope::checkpoint
