#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace sketchscope {

/// The closed range of integers that an option may have.
struct OptionRange {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

// The upper limits lie far above every published model, and low enough that no product of two
// overflows.
inline constexpr OptionRange kLayerCounts = {1, 4096};
inline constexpr OptionRange kHeadCounts = {1, 65536};
inline constexpr OptionRange kWidths = {1, 65536};
inline constexpr OptionRange kInnerWidths = {1, 1 << 20};
inline constexpr OptionRange kVocabularies = {1, 1 << 24};
inline constexpr OptionRange kContexts = {1, 1 << 24};

/// The id that stands for a token that a model does not have.
inline constexpr int kNoToken = -1;

/// Typed access to the options of one config.json; an absent or null option gives the default. All
/// functions throw Error naming the file, the option, its value and what was expected.
class ConfigOptions {
 public:
  /// Reads the file.
  explicit ConfigOptions(const std::filesystem::path& file);

  [[nodiscard]] int integer(const std::string& option, int fallback, OptionRange range) const;
  /// Returns a number in (0, 1].
  [[nodiscard]] float share(const std::string& option, float fallback) const;
  [[nodiscard]] bool boolean(const std::string& option, bool fallback) const;
  [[nodiscard]] std::string text(const std::string& option, const std::string& fallback) const;
  /// Returns the id of a token, the first of a list of ids, or kNoToken for null.
  [[nodiscard]] int token(const std::string& option, int fallback) const;

  /// Throws the Error for an unsupported value of an option.
  [[noreturn]] void refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const;

 private:
  [[nodiscard]] const nlohmann::json* find(const std::string& option) const;

  std::string file_;
  nlohmann::json json_;
};

}  // namespace sketchscope
