#include "engine/checkpoint/zip_archive.hpp"

#include <algorithm>
#include <cstdint>

#include "engine/checkpoint/byte_cursor.hpp"

namespace sketchscope::checkpoint {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kDirectoryEntry = 0x02014B50;
constexpr std::uint32_t kDirectoryEnd = 0x06054B50;
constexpr std::uint32_t kDirectoryEnd64 = 0x06064B50;
constexpr std::uint32_t kLocator64 = 0x07064B50;
constexpr std::uint32_t kIn64 = 0xFFFFFFFF;  // the true value stands in a Zip64 field
constexpr std::uint16_t kExtra64 = 0x0001;
constexpr std::size_t kDirectoryEndBytes = 22;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::size_t kLongestComment = 65535;

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;
};

struct Entry {
  std::string name;
  bool compressed = false;
  std::uint64_t stored_bytes = 0;
  std::uint64_t header_offset = 0;
};

class ZipReader {
 public:
  ZipReader(std::span<const std::byte> bytes, const std::string& source)
      : size_(bytes.size()), cursor_(bytes, source) {}

  ZipContents read() {
    const Directory directory = find_directory();
    std::size_t next = directory.offset;
    ZipContents files;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
      cursor_.move_to(next);
      const Entry entry = read_entry();
      next = cursor_.position();
      if (entry.compressed) {
        files.compressed.push_back(entry.name);
      } else {
        files.stored[entry.name] = bytes_of(entry);
      }
    }
    return files;
  }

 private:
  void expect(std::uint32_t signature, const std::string& what) {
    if (cursor_.number<std::uint32_t>() != signature) {
      cursor_.refuse("other bytes", what);
    }
  }

  /// Finds the end record, which is followed only by a comment of unknown length.
  std::size_t find_end_record() {
    const std::size_t furthest = std::min(size_, kDirectoryEndBytes + kLongestComment);
    for (std::size_t back = kDirectoryEndBytes; back <= furthest; ++back) {
      cursor_.move_to(size_ - back);
      if (cursor_.number<std::uint32_t>() == kDirectoryEnd) {
        return size_ - back;
      }
    }
    cursor_.refuse("no directory at its end", "a complete zip archive");
  }

  Directory find_directory() {
    const std::size_t end = find_end_record();
    cursor_.move_to(end + 10);
    Directory directory;
    directory.entries = cursor_.number<std::uint16_t>();
    cursor_.take(4);
    directory.offset = cursor_.number<std::uint32_t>();
    if (directory.offset != kIn64 && directory.entries != 0xFFFF) {
      return directory;
    }
    cursor_.move_to(end < kLocator64Bytes ? 0 : end - kLocator64Bytes);
    expect(kLocator64, "the Zip64 locator");
    cursor_.take(4);
    cursor_.move_to(cursor_.number<std::uint64_t>());
    expect(kDirectoryEnd64, "the Zip64 directory end");
    cursor_.take(28);
    directory.entries = cursor_.number<std::uint64_t>();
    cursor_.take(8);
    directory.offset = cursor_.number<std::uint64_t>();
    return directory;
  }

  Entry read_entry() {
    expect(kDirectoryEntry, "an entry of the directory");
    cursor_.take(6);
    const auto method = cursor_.number<std::uint16_t>();
    cursor_.take(8);
    Entry entry;
    entry.stored_bytes = cursor_.number<std::uint32_t>();
    const std::uint64_t full_bytes = cursor_.number<std::uint32_t>();
    const auto name_length = cursor_.number<std::uint16_t>();
    const auto extra_length = cursor_.number<std::uint16_t>();
    const auto comment_length = cursor_.number<std::uint16_t>();
    cursor_.take(8);
    entry.header_offset = cursor_.number<std::uint32_t>();
    entry.name = cursor_.text(name_length);
    const std::size_t behind = cursor_.position() + extra_length + comment_length;
    read_extra64(cursor_.position() + extra_length, full_bytes == kIn64, entry);
    cursor_.move_to(behind);
    entry.compressed = method != 0;
    return entry;
  }

  /// Reads the Zip64 fields, which stand in the order of those they replace: full size, stored
  /// size, offset.
  void read_extra64(std::size_t end, bool has_full_size, Entry& entry) {
    while (cursor_.position() + 4 <= end) {
      const auto id = cursor_.number<std::uint16_t>();
      const auto length = cursor_.number<std::uint16_t>();
      const std::size_t behind = cursor_.position() + length;
      if (id == kExtra64) {
        if (has_full_size) {
          cursor_.take(8);
        }
        if (entry.stored_bytes == kIn64) {
          entry.stored_bytes = cursor_.number<std::uint64_t>();
        }
        if (entry.header_offset == kIn64) {
          entry.header_offset = cursor_.number<std::uint64_t>();
        }
      }
      cursor_.move_to(behind);
    }
  }

  std::span<const std::byte> bytes_of(const Entry& entry) {
    cursor_.move_to(entry.header_offset);
    expect(kLocalHeader, "the header of " + entry.name);
    cursor_.take(22);
    const auto name_length = cursor_.number<std::uint16_t>();
    const auto extra_length = cursor_.number<std::uint16_t>();
    cursor_.take(std::size_t{name_length} + extra_length);
    return cursor_.take(entry.stored_bytes);
  }

  std::size_t size_;
  ByteCursor cursor_;
};

}  // namespace

ZipContents read_zip(std::span<const std::byte> bytes, const std::string& source) {
  return ZipReader(bytes, source).read();
}

}  // namespace sketchscope::checkpoint
