#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "engine/core/junit.hpp"

namespace sketchscope::cli {

/// Limits that a result has to keep, for continuous integration: --fail-above, --fail-below and
/// --junit.
class LimitGate {
 public:
  void declare(Flags& flags);
  /// Throws UsageError if flags contradict each other, Error if the file of --junit cannot be
  /// written.
  void check_flags() const;

  /// Does the work. Where it throws, the file of --junit gets a failed case, so that no verdict of
  /// an earlier run stands for it.
  void watch(const std::string& suite, const std::function<void()>& work) const;
  /// Judges a result and writes the verdict into the file of --junit. A figure is named as in
  /// `json["result"]`, or from the top with points: "against.times_its_perplexity". What an
  /// interruption cut short keeps no limit. Returns the failures, one a line; empty if there are
  /// none.
  [[nodiscard]] std::string judge(const std::string& suite, const nlohmann::json& json,
                                  bool interrupted) const;

 private:
  enum class Side : std::uint8_t { above, below };

  /// A figure that fails beyond a number.
  struct Limit {
    Side side = Side::above;
    std::string figure;
    double number = 0;
  };

  void read_limits(Side side, const std::string& text);
  [[nodiscard]] static core::JunitCase verdict(const Limit& limit, const nlohmann::json& json);
  void write(const std::string& suite, const std::vector<core::JunitCase>& cases) const;

  std::vector<Limit> limits_;
  std::filesystem::path junit_;
};

}  // namespace sketchscope::cli
