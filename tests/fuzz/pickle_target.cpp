#include "engine/checkpoint/pickle.hpp"

#include <array>

#include "engine/checkpoint/state_dictionary.hpp"
#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/torch_file.hpp"

namespace sketchscope::fuzz {
namespace {

namespace pickled = support::pickled;

bool run_pickle(std::string_view input) {
  const auto bytes = std::as_bytes(std::span(input));
  const auto pickle = accepted([&] { return checkpoint::unpickle(bytes, "a pickle"); });
  if (!pickle) return false;
  require(pickle->root != nullptr && pickle->length <= input.size(),
          "a pickle is longer than its bytes");
  static const std::array<std::byte, 64> kStorage{};
  const checkpoint::Storages storages = {{"0", kStorage}, {"1", std::span(kStorage).first(6)}};
  const auto tensors =
      accepted([&] { return checkpoint::tensors_of(*pickle, storages, "a pickle"); });
  if (!tensors) return false;
  for (const auto& [name, tensor] : *tensors) check_tensor(name, tensor);
  return true;
}

std::vector<std::string> pickle_seeds() {
  support::TorchFile file;
  const std::string four = file.storage(std::string(64, '\0'));
  const std::string two = file.storage(std::string(6, '\0'), "HalfStorage", 2);
  const auto entry = support::TorchFile::tensor(four, 2, {2, 3}, {3, 1});
  const auto turned = support::TorchFile::tensor(two, 0, {3, 1}, {1, 3});
  const auto dictionary = pickled::ordered({{"weight", entry}, {"bias", turned}});
  return {"\x80\x02" + dictionary + ".",
          "\x80\x02" +
              pickled::dictionary({{"epoch", pickled::integer(3)}, {"state_dict", dictionary}}) +
              "."};
}

}  // namespace

Target pickle_target() {
  return {"pickle", "a pickled state dictionary", run_pickle, pickle_seeds};
}

}  // namespace sketchscope::fuzz
