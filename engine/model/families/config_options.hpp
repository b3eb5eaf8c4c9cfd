#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace sketchscope::model {

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
inline constexpr OptionRange kWindows = {0, 1 << 30};

/// Typed access to the options of one config.json; an absent or null option gives the default where
/// nothing else is said. All functions throw Error naming the file, the option, its value and what
/// was expected.
class ConfigOptions {
 public:
  /// Reads the file.
  explicit ConfigOptions(const std::filesystem::path& file);
  /// Takes an object that did not come from a config.json; `source` stands for it in messages.
  ConfigOptions(std::string source, nlohmann::json options);

  /// Returns whether the option is there and not null.
  [[nodiscard]] bool has(const std::string& option) const;
  /// Returns whether the option is there, be it null.
  [[nodiscard]] bool lists(const std::string& option) const;
  /// Returns whether the option is the number 0.
  [[nodiscard]] bool is_zero(const std::string& option) const;
  [[nodiscard]] int integer(const std::string& option, int fallback, OptionRange range) const;
  /// Returns a number in (0, 1].
  [[nodiscard]] float share(const std::string& option, float fallback) const;
  /// Returns a finite number above 0.
  [[nodiscard]] double positive(const std::string& option, double fallback) const;
  /// Returns false for null, which Python takes for it, whatever an absent option means.
  [[nodiscard]] bool boolean(const std::string& option, bool fallback) const;
  [[nodiscard]] std::string text(const std::string& option, const std::string& fallback) const;
  /// Returns the texts of a list.
  [[nodiscard]] std::vector<std::string> texts(const std::string& option) const;
  /// Returns the truth values of a list, in which 0 and 1 stand for them too; empty without one.
  [[nodiscard]] std::vector<bool> booleans(const std::string& option) const;
  /// Returns the ids of an id or of a list of ids, none for null; ids below 0 stand for no token.
  [[nodiscard]] std::vector<int> tokens(const std::string& option,
                                        const std::vector<int>& fallback) const;
  /// Returns the options inside an option.
  [[nodiscard]] std::optional<ConfigOptions> object(const std::string& option) const;

  /// Throws the Error for an unsupported value of an option.
  [[noreturn]] void refuse(const std::string& option, const nlohmann::json& value,
                           const std::string& expected) const;
  /// The same for the value that the option has.
  [[noreturn]] void refuse(const std::string& option, const std::string& expected) const;

 private:
  [[nodiscard]] const nlohmann::json* find(const std::string& option) const;

  std::string file_;
  std::string parent_;  // of the options, with a dot, where they lie inside another option
  nlohmann::json json_;
};

}  // namespace sketchscope::model
