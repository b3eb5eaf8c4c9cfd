#include "engine/checkpoint/gguf_file.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "engine/checkpoint/byte_cursor.hpp"
#include "engine/checkpoint/foreign_file.hpp"
#include "engine/checkpoint/mapped_file.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

constexpr std::uint32_t kGgufMagic = 0x46554747;  // "GGUF"
constexpr std::uint32_t kGgufVersion = 3;
constexpr std::int64_t kDefaultAlignment = 32;
constexpr std::int64_t kLargestAlignment = 1 << 20;
constexpr std::uint32_t kMostAxes = 4;

/// A tensor as the table describes it, before its bytes are found.
struct TableEntry {
  std::string name;
  GgufTensor tensor;
  GgufTypeInfo type;
  std::uint64_t offset = 0;  // from the beginning of the data
};

class GgufReader {
 public:
  GgufReader(std::span<const std::byte> bytes, std::string source)
      : bytes_(bytes),
        source_(std::move(source)),
        cursor_(bytes, source_, "fetch the file again") {}

  /// Reads magic, version and counts.
  void read_head() {
    if (cursor_.number<std::uint32_t>() != kGgufMagic) {
      refuse_foreign(bytes_, source_, "a GGUF file");
      cursor_.refuse("other bytes", "GGUF at its beginning");
    }
    const auto version = cursor_.number<std::uint32_t>();
    if (version != kGgufVersion) refuse_version(version);
    tensor_count_ = cursor_.number<std::uint64_t>();
    key_count_ = cursor_.number<std::uint64_t>();
  }

  GgufMetadata read_metadata() { return {cursor_, key_count_, source_}; }

  std::map<std::string, GgufTensor, std::less<>> read_tensors(const GgufMetadata& metadata) {
    alignment_ = alignment_of(metadata);
    std::vector<TableEntry> table;
    for (std::uint64_t i = 0; i < tensor_count_; ++i) table.push_back(read_entry());
    const std::size_t padding = (alignment_ - cursor_.position() % alignment_) % alignment_;
    const auto data = bytes_.subspan(std::min(cursor_.position() + padding, bytes_.size()));
    std::map<std::string, GgufTensor, std::less<>> tensors;
    for (TableEntry& entry : table) {
      entry.tensor.bytes = bytes_of(entry, data);
      if (!tensors.emplace(entry.name, entry.tensor).second) {
        refuse(entry.name, "the name for the second time", "each tensor once");
      }
    }
    require_no_overlap(std::move(table));
    return tensors;
  }

 private:
  [[noreturn]] void refuse_version(std::uint32_t version) const {
    const bool swapped = __builtin_bswap32(version) == kGgufVersion;
    throw core::Error({.what = source_ + " cannot be read",
                       .found = swapped ? "a GGUF file of big-endian numbers"
                                        : "GGUF version " + std::to_string(version),
                       .expected = "GGUF version 3 of little-endian numbers",
                       .remedy = "convert the model to GGUF again with a present-day llama.cpp"});
  }

  static std::size_t alignment_of(const GgufMetadata& metadata) {
    constexpr std::string_view kKey = "general.alignment";
    if (!metadata.contains(kKey)) return kDefaultAlignment;
    const auto alignment = static_cast<std::size_t>(metadata.integer(kKey, 1, kLargestAlignment));
    if (!std::has_single_bit(alignment)) metadata.refuse(kKey, "a power of two");
    return alignment;
  }

  TableEntry read_entry() {
    TableEntry entry;
    entry.name = cursor_.text(cursor_.number<std::uint64_t>());
    const auto axes = cursor_.number<std::uint32_t>();
    if (axes > kMostAxes) {
      refuse(entry.name, std::to_string(axes) + " axes", "at most " + std::to_string(kMostAxes));
    }
    for (std::uint32_t axis = 0; axis < axes; ++axis) {
      const auto size = cursor_.number<std::uint64_t>();
      if (!std::in_range<std::int64_t>(size)) {
        refuse(entry.name, "an axis of " + std::to_string(size) + " numbers",
               "one that fits the file");
      }
      entry.tensor.shape.insert(entry.tensor.shape.begin(), static_cast<std::int64_t>(size));
    }
    const auto id = cursor_.number<std::uint32_t>();
    entry.type = gguf_type_info(id);
    entry.tensor.type = entry.type.type;
    entry.tensor.type_name =
        entry.type.name.empty() ? "number " + std::to_string(id) : std::string(entry.type.name);
    entry.offset = cursor_.number<std::uint64_t>();
    return entry;
  }

  /// Finds the bytes of a tensor. One of a type that is not read has a size that nobody knows.
  [[nodiscard]] std::span<const std::byte> bytes_of(const TableEntry& entry,
                                                    std::span<const std::byte> data) const {
    if (entry.offset % alignment_ != 0 || entry.offset > data.size()) {
      refuse(entry.name, "the offset " + std::to_string(entry.offset),
             "a multiple of " + std::to_string(alignment_) + " within the " +
                 std::to_string(data.size()) + " bytes of the file's data");
    }
    if (entry.type.type == GgufType::other) return {};
    std::uint64_t count = 1;
    for (const std::int64_t size : entry.tensor.shape) {
      if (__builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count)) {
        refuse(entry.name, "a shape whose size overflows", "one that fits the file");
      }
    }
    const auto row =
        static_cast<std::uint64_t>(entry.tensor.shape.empty() ? 1 : entry.tensor.shape.back());
    if (row % entry.type.block_numbers != 0) {
      refuse(entry.name, "rows of " + std::to_string(row) + " numbers",
             "whole blocks of " + std::to_string(entry.type.block_numbers) + " for " +
                 entry.tensor.type_name);
    }
    const std::uint64_t blocks = count / entry.type.block_numbers;
    const std::uint64_t room = data.size() - entry.offset;
    if (blocks > room / entry.type.block_bytes) {
      refuse(entry.name, std::to_string(room) + " bytes behind its offset",
             std::to_string(blocks) + " blocks of " + std::to_string(entry.type.block_bytes) +
                 " bytes for its shape and " + entry.tensor.type_name);
    }
    return data.subspan(entry.offset, blocks * entry.type.block_bytes);
  }

  void require_no_overlap(std::vector<TableEntry> table) const {
    std::ranges::sort(table, {}, &TableEntry::offset);
    std::uint64_t end = 0;
    for (const TableEntry& entry : table) {
      if (entry.tensor.bytes.empty()) continue;
      const auto begin = static_cast<std::uint64_t>(entry.tensor.bytes.data() - bytes_.data());
      if (begin < end) {
        refuse(entry.name, "bytes that begin within another tensor", "bytes of its own");
      }
      end = begin + entry.tensor.bytes.size();
    }
  }

  [[noreturn]] void refuse(const std::string& tensor, const std::string& found,
                           const std::string& expected) const {
    throw core::Error({.what = source_ + " is damaged at tensor " + tensor,
                       .found = found,
                       .expected = expected,
                       .remedy = "fetch the file again: it may be cut short"});
  }

  std::span<const std::byte> bytes_;
  std::string source_;
  ByteCursor cursor_;
  std::uint64_t tensor_count_ = 0;
  std::uint64_t key_count_ = 0;
  std::size_t alignment_ = kDefaultAlignment;
};

}  // namespace

std::size_t GgufTensor::count() const {
  return std::accumulate(
      shape.begin(), shape.end(), std::size_t{1},
      [](std::size_t count, std::int64_t size) { return count * static_cast<std::size_t>(size); });
}

GgufFile::GgufFile(std::string source, std::shared_ptr<const MappedFile> mapping,
                   GgufMetadata metadata, std::map<std::string, GgufTensor, std::less<>> tensors)
    : source_(std::move(source)),
      mapping_(std::move(mapping)),
      metadata_(std::move(metadata)),
      tensors_(std::move(tensors)) {}

GgufFile GgufFile::open(const std::filesystem::path& file) {
  auto mapping = MappedFile::open(file);
  GgufReader reader(mapping->bytes(), file.string());
  reader.read_head();
  GgufMetadata metadata = reader.read_metadata();
  auto tensors = reader.read_tensors(metadata);
  return {file.string(), std::move(mapping), std::move(metadata), std::move(tensors)};
}

const GgufTensor& GgufFile::tensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw core::Error({.what = source_ + " lacks the tensor " + std::string(name),
                       .found = std::to_string(tensors_.size()) + " other tensors",
                       .expected = "every weight of the model that its metadata describes",
                       .remedy = "fetch another file of this model"});
  }
  if (found->second.type == GgufType::other) {
    throw core::Error({.what = "tensor " + std::string(name) + " of " + source_ + " cannot be used",
                       .found = "type " + found->second.type_name,
                       .expected = "one of " + gguf_type_names(),
                       .remedy = "fetch the model in one of these types, such as Q4_K_M or Q8_0"});
  }
  return found->second;
}

}  // namespace sketchscope::checkpoint
