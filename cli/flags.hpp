#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sketchscope::cli {

/// The largest numbers that flags accept: of anything countable, of lanes, of tokens to generate.
inline constexpr int kAny = std::numeric_limits<int>::max();
inline constexpr int kLanesMaximum = 1024;
inline constexpr int kNewTokensMaximum = 1'000'000;

/// Declares the flags of one subcommand. Parsing converts each value and throws UsageError that
/// names the flag, the invalid value and the expectation.
class Flags {
 public:
  explicit Flags(CLI::App& app) : app_(app) {}

  /// Starts a group of flags under this title in the help text.
  void group(std::string title) { group_ = std::move(title); }

  struct Range {
    int minimum = 0;
    int maximum = 0;
  };
  void add(const std::string& name, int& value, Range range, const std::string& help);
  void add(const std::string& name, std::optional<std::string>& value, const std::string& help);
  void add(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// Adds a flag for comma-separated numbers.
  void add_list(const std::string& name, std::vector<int>& values, Range range,
                const std::string& help);
  /// Adds a flag without a value.
  void add_switch(const std::string& name, bool& value, const std::string& help);
  /// Adds a flag whose value is one of the given words.
  void add_choice(const std::string& name, std::string& value,
                  const std::vector<std::string_view>& choices, const std::string& help);
  /// Adds a required positional argument.
  void add_argument(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// Adds an optional positional argument.
  void add_optional_argument(const std::string& name, std::filesystem::path& value,
                             const std::string& help);
  /// Adds a required positional argument that is one of `choices`.
  void add_argument(const std::string& name, std::string& value,
                    const std::vector<std::string_view>& choices, const std::string& help);

  using Reader = std::function<void(const std::string&)>;
  /// Adds a flag with a custom reader. `placeholder` stands for the value in the help text.
  void add_reader(const std::string& name, const std::string& placeholder, Reader read,
                  const std::string& help);

 private:
  CLI::App& app_;
  std::string group_ = "Flags";
};

}  // namespace sketchscope::cli
