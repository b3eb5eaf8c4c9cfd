#include "engine/checkpoint/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "engine/checkpoint/foreign_file.hpp"
#include "engine/checkpoint/mapped_file.hpp"
#include "engine/checkpoint/number_type.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::checkpoint {
namespace {

// The limit that the format sets; a longer header means a damaged length.
constexpr std::uint64_t kLongestHeader = 100'000'000;

/// The offsets of one tensor in the bytes after the header.
struct Extent {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string name;
};

class SafetensorsReader {
 public:
  explicit SafetensorsReader(const std::filesystem::path& file)
      : source_(file.string()), mapping_(MappedFile::open(file)), bytes_(mapping_->bytes()) {}

  Checkpoint read() {
    const nlohmann::json header = take_header();
    Checkpoint checkpoint;
    checkpoint.source = source_;
    checkpoint.owners.push_back(mapping_);
    std::vector<Extent> extents;
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        continue;
      }
      Extent extent = read_extent(name, entry);
      checkpoint.tensors[name] = read_tensor(name, entry, extent);
      extents.push_back(std::move(extent));
    }
    require_full_cover(std::move(extents));
    return checkpoint;
  }

 private:
  /// Parses the header and reduces `bytes_` to the data after it.
  nlohmann::json take_header() {
    std::uint64_t length = 0;
    if (bytes_.size() < sizeof length) {
      refuse_foreign(mapping_->bytes(), source_, "a safetensors file");
      refuse("", std::to_string(bytes_.size()) + " bytes", "at least the 8 of the header length");
    }
    std::memcpy(&length, bytes_.data(), sizeof length);
    bytes_ = bytes_.subspan(sizeof length);
    const bool fits = length <= kLongestHeader && length <= bytes_.size();
    if (!fits || bytes_.empty() || bytes_.front() != std::byte{'{'}) {
      refuse_foreign(mapping_->bytes(), source_, "a safetensors file");
    }
    if (!fits) {
      refuse("", "a header of " + std::to_string(length) + " bytes",
             "one that fits the " + std::to_string(bytes_.size()) + " bytes that follow");
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()), length);
    bytes_ = bytes_.subspan(length);
    return core::parse_json_object(text, "the header of " + source_);
  }

  Extent read_extent(const std::string& name, const nlohmann::json& entry) const {
    const auto offsets = entry.is_object() ? entry.find("data_offsets") : entry.end();
    const bool well_formed = offsets != entry.end() && offsets->is_array() &&
                             offsets->size() == 2 && (*offsets)[0].is_number_unsigned() &&
                             (*offsets)[1].is_number_unsigned();
    if (!well_formed) {
      refuse(name, core::brief(entry), "dtype, shape and two data_offsets");
    }
    Extent extent = {(*offsets)[0].get<std::uint64_t>(), (*offsets)[1].get<std::uint64_t>(), name};
    if (extent.begin > extent.end || extent.end > bytes_.size()) {
      refuse(name, "offsets " + offsets->dump(),
             "offsets within the " + std::to_string(bytes_.size()) + " bytes of the file's data");
    }
    return extent;
  }

  CheckpointTensor read_tensor(const std::string& name, const nlohmann::json& entry,
                               const Extent& extent) const {
    const auto dtype = entry.find("dtype");
    const auto shape = entry.find("shape");
    if (dtype == entry.end() || !dtype->is_string() || shape == entry.end() || !shape->is_array()) {
      refuse(name, core::brief(entry), "a dtype and a shape");
    }
    CheckpointTensor tensor;
    tensor.type_name = dtype->get<std::string>();
    tensor.type = tensor_type(tensor.type_name);
    tensor.shape = read_shape(name, *shape);
    tensor.bytes = bytes_.subspan(extent.begin, extent.end - extent.begin);
    require_size(name, tensor);
    return tensor;
  }

  [[nodiscard]] std::vector<std::int64_t> read_shape(const std::string& name,
                                                     const nlohmann::json& shape) const {
    std::vector<std::int64_t> sizes;
    for (const auto& size : shape) {
      if (!size.is_number_unsigned() ||
          size.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max()) {
        refuse(name, "shape " + core::brief(shape), "whole numbers");
      }
      sizes.push_back(size.get<std::int64_t>());
    }
    return sizes;
  }

  /// Checks the size of a tensor unless the element size of its type is unknown: only tensors that
  /// are used need a known type.
  void require_size(const std::string& name, const CheckpointTensor& tensor) const {
    const auto known = number_type(tensor.type_name);
    if (!known) return;
    std::uint64_t size = known->bytes;
    for (const std::int64_t extent : tensor.shape) {
      if (__builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size)) {
        refuse(name, "a shape whose size overflows", "the size its offsets give");
      }
    }
    if (size != tensor.bytes.size()) {
      refuse(name, std::to_string(tensor.bytes.size()) + " bytes between its offsets",
             std::to_string(size) + " bytes for its shape and " + tensor.type_name);
    }
  }

  void require_full_cover(std::vector<Extent> extents) const {
    std::ranges::sort(extents, {},
                      [](const Extent& extent) { return std::pair(extent.begin, extent.end); });
    std::uint64_t covered = 0;
    for (const Extent& extent : extents) {
      if (extent.begin != covered) {
        refuse(extent.name, "bytes from " + std::to_string(extent.begin),
               "bytes from " + std::to_string(covered) + ", where the tensor before it ends");
      }
      covered = extent.end;
    }
    if (covered != bytes_.size()) {
      refuse("", std::to_string(bytes_.size()) + " bytes of data",
             std::to_string(covered) + ", the end of its last tensor");
    }
  }

  [[noreturn]] void refuse(const std::string& tensor, const std::string& found,
                           const std::string& expected) const {
    throw core::Error(
        {.what = source_ + " is damaged" + (tensor.empty() ? "" : " at tensor " + tensor),
         .found = found,
         .expected = expected,
         .remedy = "fetch the file again: it may be cut short"});
  }

  std::string source_;
  std::shared_ptr<const MappedFile> mapping_;
  std::span<const std::byte> bytes_;
};

}  // namespace

Checkpoint read_safetensors(const std::filesystem::path& file) {
  return SafetensorsReader(file).read();
}

}  // namespace sketchscope::checkpoint
