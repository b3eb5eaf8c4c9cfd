#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace sketchscope {

/// The whole numbers that an option may have.
struct OptionRange {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

// Far above every published model, and low enough that no product of two overflows.
inline constexpr OptionRange kLayerCounts = {1, 4096};
inline constexpr OptionRange kHeadCounts = {1, 65536};
inline constexpr OptionRange kWidths = {1, 65536};
inline constexpr OptionRange kInnerWidths = {1, 1 << 20};
inline constexpr OptionRange kVocabularies = {1, 1 << 24};
inline constexpr OptionRange kContexts = {1, 1 << 24};

/// Stands for a token that a model does not have.
inline constexpr int kNoToken = -1;

/// Typed access to the options of one config.json; an absent or null option gives the default. All
/// throw Error naming the file, the option, its value and what was expected.
class ConfigOptions {
 public:
  explicit ConfigOptions(const std::filesystem::path& file);

  [[nodiscard]] int integer(const std::string& option, int fallback, OptionRange range) const;
  /// A number above 0, at most 1.
  [[nodiscard]] float share(const std::string& option, float fallback) const;
  [[nodiscard]] bool boolean(const std::string& option, bool fallback) const;
  [[nodiscard]] std::string text(const std::string& option, const std::string& fallback) const;
  /// The id of a token, the first one of a list, or kNoToken for null.
  [[nodiscard]] int token(const std::string& option, int fallback) const;

  [[noreturn]] void refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const;

 private:
  [[nodiscard]] const nlohmann::json* find(const std::string& option) const;

  std::string file_;
  nlohmann::json json_;
};

}  // namespace sketchscope
