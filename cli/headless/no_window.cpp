#include <array>

#include "cli/bench_kinds.hpp"
#include "cli/finding.hpp"
#include "cli/subcommand.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::cli {
namespace {

/// Replaces the window's subcommands in a build without a window, and names the alternative.
class NoWindowCommand final : public Subcommand {
 public:
  void declare(Flags& flags) override { (void)flags; }
  void run(const std::stop_token& stop) override {
    (void)stop;
    throw core::UsageError({.what = "this build has no window",
                            .expected = "a subcommand, such as eval, sweep or report",
                            .remedy = "Build with -DSKETCHSCOPE_GUI=ON for one"});
  }
};

constexpr std::array kKinds = {
    SubcommandKind{"", "",
                   "a language model with a capped key/value cache, measured without a window",
                   make_subcommand<NoWindowCommand>},
};

}  // namespace

std::span<const SubcommandKind> window_subcommand_kinds() {
  return kKinds;
}

std::span<const BenchKind> window_bench_kinds() {
  return {};
}

std::vector<Finding> window_findings() {
  return {{.what = "window",
           .found = "not built",
           .remedy = "For one build with -DSKETCHSCOPE_GUI=ON; all that measures is here"}};
}

}  // namespace sketchscope::cli
