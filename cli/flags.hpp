#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace sketchscope {

/// The most lanes that a flag may ask one session for.
inline constexpr int kLanesMaximum = 1024;

/// Declares the flags of one subcommand. Each value is read as it is parsed; one that does not fit
/// throws UsageError naming the flag, the value and what was expected.
class Flags {
 public:
  explicit Flags(CLI::App& app) : app_(app) {}

  /// Flags declared from here on stand under this title in the help text.
  void group(std::string title) { group_ = std::move(title); }

  struct Range {
    int minimum = 0;
    int maximum = 0;
  };
  void add(const std::string& name, int& value, Range range, const std::string& help);
  void add(const std::string& name, std::optional<std::string>& value, const std::string& help);
  void add(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// Numbers with commas between them.
  void add_list(const std::string& name, std::vector<int>& values, Range range,
                const std::string& help);
  /// A flag without a value.
  void add_switch(const std::string& name, bool& value, const std::string& help);
  /// One of these words.
  void add_choice(const std::string& name, std::string& value,
                  const std::vector<std::string_view>& choices, const std::string& help);
  /// An argument that must be given, without a flag before it.
  void add_argument(const std::string& name, std::filesystem::path& value, const std::string& help);
  /// One that may be left out.
  void add_optional_argument(const std::string& name, std::filesystem::path& value,
                             const std::string& help);
  /// One of these words, which must be given.
  void add_argument(const std::string& name, std::string& value,
                    const std::vector<std::string_view>& choices, const std::string& help);

  using Reader = std::function<void(const std::string&)>;
  /// `placeholder` stands for the value in the help text.
  void add_reader(const std::string& name, const std::string& placeholder, Reader read,
                  const std::string& help);

 private:
  CLI::App& app_;
  std::string group_ = "Flags";
};

}  // namespace sketchscope
