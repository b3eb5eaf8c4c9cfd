#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/named_files.hpp"

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
  /// Adds a flag for a file or folder that is read, or for a folder that is written into.
  void add(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// Adds a flag for a file that is written.
  void add_output(const std::string& name, std::filesystem::path& value, const std::string& help);
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

  /// Returns the paths that were declared; they are those of the values.
  [[nodiscard]] const std::vector<NamedFile>& files() const { return files_; }

 private:
  void add_path(const std::string& name, std::filesystem::path& value, const std::string& help);

  CLI::App& app_;
  std::vector<NamedFile> files_;
  std::string group_ = "Flags";
};

}  // namespace sketchscope::cli
