#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sketchscope::text {

/// One field of a protobuf message, which holds a number or bytes (texts, messages).
struct ProtobufField {
  std::uint64_t number = 0;     ///< number of the field in its .proto file
  std::uint64_t value = 0;      ///< value of an integer field, or the bits of a float
  std::string_view bytes = {};  ///< value of a field with a length
  bool has_bytes = false;

  /// Returns the bits as a float (wire type 5).
  [[nodiscard]] float as_float() const;
};

/// Reads the fields of one protobuf message in order
/// (protobuf.dev/programming-guides/encoding). Every length is checked against the bytes that
/// are left, so that a damaged file cannot cause a read beyond its end.
class ProtobufFields {
 public:
  /// `source` names the file in messages.
  ProtobufFields(std::string_view message, std::string source);

  /// Returns the next field; nullopt at the end. Throws Error where the message is damaged.
  std::optional<ProtobufField> next();

 private:
  std::uint64_t varint();
  std::uint64_t fixed(std::size_t bytes);
  [[noreturn]] void refuse(const std::string& found) const;

  std::string_view message_;
  std::string_view rest_;
  std::string source_;
};

}  // namespace sketchscope::text
