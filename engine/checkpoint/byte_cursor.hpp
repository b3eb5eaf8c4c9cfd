#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {

/// A reading position in the bytes of a file. Every read past the end throws Error naming `source`.
class ByteCursor {
 public:
  /// `remedy` ends the message of every Error.
  ByteCursor(std::span<const std::byte> bytes, std::string source,
             std::string remedy = "fetch the file again, or use model.safetensors")
      : bytes_(bytes), source_(std::move(source)), remedy_(std::move(remedy)) {}

  /// Reads the next number, little endian.
  template <typename Number>
  Number number() {
    static_assert(std::is_arithmetic_v<Number>);
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  /// Returns the next `count` bytes and moves past them.
  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes_.size() - position_) {
      refuse("its end where " + std::to_string(count) + " more bytes belong", "a complete file");
    }
    position_ += count;
    return bytes_.subspan(position_ - count, count);
  }

  /// Returns the next `length` bytes as text and moves past them.
  std::string text(std::size_t length) {
    const auto bytes = take(length);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  /// Moves to an offset from the beginning of the file.
  void move_to(std::size_t position) {
    position_ = 0;
    take(position);
  }

  [[nodiscard]] std::size_t position() const { return position_; }
  /// Returns the number of bytes from here to the end.
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }

  /// Throws the Error for damage at the current position.
  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const {
    throw core::Error({.what = source_ + " is damaged at byte " + std::to_string(position_),
                       .found = found,
                       .expected = expected,
                       .remedy = remedy_});
  }

 private:
  std::span<const std::byte> bytes_;
  std::string source_;
  std::string remedy_;
  std::size_t position_ = 0;
};

}  // namespace sketchscope::checkpoint
