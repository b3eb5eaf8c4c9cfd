#include "engine/core/npz.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"

namespace sketchscope::fuzz {
namespace {

constexpr std::size_t kMostUnpacked = 1 << 20;

bool run_npz(std::string_view input) {
  const auto files = accepted([&] { return core::unzip(input, "run.scope", kMostUnpacked); });
  if (!files) return false;
  std::size_t bytes = 0;
  for (const auto& [name, content] : *files) bytes += content.size();
  require(bytes <= kMostUnpacked, "an archive unpacks to more than its limit");
  if (files->empty()) return true;  // what nobody writes
  require(core::unzip(core::zip(*files), "again") == *files, "files come back as others");
  return true;
}

std::vector<std::string> npz_seeds() {
  return {core::zip({{"run.json", "{}"}, {"steps/position.npy", std::string(300, 'x')}}),
          core::zip({{"empty", ""}})};
}

}  // namespace

Target npz_target() {
  return {"npz", "a compressed zip archive", run_npz, npz_seeds};
}

}  // namespace sketchscope::fuzz
