#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace sketchscope::support {

/// Returns the bytes of a number as it lies in memory.
template <typename Number>
std::string raw_bytes(Number number) {
  std::string bytes(sizeof number, '\0');
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

/// A text of a GGUF file: its length, then its bytes.
inline std::string gguf_text(const std::string& text) {
  return raw_bytes<std::uint64_t>(text.size()) + text;
}

/// The parts of a GGUF file, of which a test may change any before they become bytes.
struct GgufParts {
  struct Tensor {
    std::string name;
    std::vector<std::uint64_t> sizes;  // the fastest axis first, as the file has them
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
  };

  /// Adds a key with the number of a type of values and the bytes of the value.
  void add_key(const std::string& key, std::uint32_t type, const std::string& value) {
    keys.emplace_back(key, raw_bytes(type) + value);
  }

  [[nodiscard]] std::string bytes() const {
    std::string all = "GGUF" + raw_bytes(version) +
                      raw_bytes<std::uint64_t>(tensors.size() + more_tensors) +
                      raw_bytes<std::uint64_t>(keys.size() + more_keys);
    for (const auto& [key, value] : keys) all += gguf_text(key) + value;
    for (const Tensor& tensor : tensors) {
      all += gguf_text(tensor.name) + raw_bytes(static_cast<std::uint32_t>(tensor.sizes.size()));
      for (const std::uint64_t size : tensor.sizes) all += raw_bytes(size);
      all += raw_bytes(tensor.type) + raw_bytes(tensor.offset);
    }
    while (all.size() % alignment != 0) all += '\0';
    return all + data;
  }

  std::uint32_t version = 3;
  std::uint64_t more_tensors = 0;  // counted but not there
  std::uint64_t more_keys = 0;
  std::vector<std::pair<std::string, std::string>> keys;
  std::vector<Tensor> tensors;
  std::size_t alignment = 32;
  std::string data;
};

}  // namespace sketchscope::support
