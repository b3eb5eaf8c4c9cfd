#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/registry.hpp"

namespace sketchscope::checkpoint {

class ByteCursor;

/// The types of metadata values, by the numbers that stand for them in a file.
enum class GgufValueType : std::uint8_t {
  u8 = 0,
  i8 = 1,
  u16 = 2,
  i16 = 3,
  u32 = 4,
  i32 = 5,
  f32 = 6,
  boolean = 7,
  text = 8,
  array = 9,
  u64 = 10,
  i64 = 11,
  f64 = 12,
};

/// A list of values of one type. Numbers and texts are views of the file.
struct GgufArray {
  GgufValueType type = GgufValueType::u8;
  std::size_t count = 0;
  std::span<const std::byte> numbers = {};   ///< little endian, where the values are numbers
  std::vector<std::string_view> texts = {};  ///< where they are texts
  std::vector<GgufArray> arrays = {};        ///< where they are lists themselves
};

/// A value of metadata; integers of all widths become one of 64 bits with their sign.
using GgufValue =
    std::variant<bool, std::uint64_t, std::int64_t, double, std::string_view, GgufArray>;

/// The values that a GGUF file holds by key, such as `llama.block_count`. Lookups throw Error
/// naming the file, the key, the value found and the values expected.
class GgufMetadata {
 public:
  /// Reads `count` keys and values where the cursor stands, whose bytes must outlive the metadata.
  /// Throws Error on damage.
  GgufMetadata(ByteCursor& cursor, std::uint64_t count, std::string source);

  [[nodiscard]] bool contains(std::string_view key) const;
  [[nodiscard]] const std::map<std::string, GgufValue, std::less<>>& values() const {
    return values_;
  }

  /// Returns a whole number from `lowest` to `highest`.
  [[nodiscard]] std::int64_t integer(
      std::string_view key, std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
      std::int64_t highest = std::numeric_limits<std::int64_t>::max()) const;
  /// Returns a number, whole or not.
  [[nodiscard]] double number(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  [[nodiscard]] std::string_view text(std::string_view key) const;
  /// Returns a list of texts, such as the vocabulary `tokenizer.ggml.tokens`.
  [[nodiscard]] std::span<const std::string_view> texts(std::string_view key) const;
  /// Returns a list of numbers, such as `tokenizer.ggml.scores`.
  [[nodiscard]] std::vector<double> numbers(std::string_view key) const;
  /// Returns a list of whole numbers, such as `tokenizer.ggml.token_type`.
  [[nodiscard]] std::vector<std::int64_t> integers(std::string_view key) const;

  /// Throws the Error for a value that cannot be used.
  [[noreturn]] void refuse(std::string_view key, const std::string& expected) const;

 private:
  [[nodiscard]] const GgufValue& value(std::string_view key, const std::string& expected) const;
  [[nodiscard]] const GgufArray& array(std::string_view key, const std::string& expected) const;

  std::map<std::string, GgufValue, std::less<>> values_;
  std::string source_;
};

}  // namespace sketchscope::checkpoint

namespace sketchscope::core {

template <>
inline constexpr std::array enum_names<checkpoint::GgufValueType> = {
    NamedValue{checkpoint::GgufValueType::u8, "u8"},
    NamedValue{checkpoint::GgufValueType::i8, "i8"},
    NamedValue{checkpoint::GgufValueType::u16, "u16"},
    NamedValue{checkpoint::GgufValueType::i16, "i16"},
    NamedValue{checkpoint::GgufValueType::u32, "u32"},
    NamedValue{checkpoint::GgufValueType::i32, "i32"},
    NamedValue{checkpoint::GgufValueType::f32, "f32"},
    NamedValue{checkpoint::GgufValueType::boolean, "bool"},
    NamedValue{checkpoint::GgufValueType::text, "text"},
    NamedValue{checkpoint::GgufValueType::array, "list"},
    NamedValue{checkpoint::GgufValueType::u64, "u64"},
    NamedValue{checkpoint::GgufValueType::i64, "i64"},
    NamedValue{checkpoint::GgufValueType::f64, "f64"},
};

}  // namespace sketchscope::core
