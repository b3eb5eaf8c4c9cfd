#include "engine/checkpoint/pytorch_file.hpp"

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/torch_file.hpp"

namespace sketchscope::fuzz {
namespace {

bool run_pytorch(std::string_view input) {
  const InputFile file("pytorch_model.bin", input);
  const auto read = accepted([&] { return checkpoint::read_pytorch_file(file.path()); });
  if (!read) return false;
  for (const auto& [name, tensor] : read->tensors) check_tensor(name, tensor);
  return true;
}

std::vector<std::string> pytorch_seeds() {
  support::TorchFile file;
  const std::string storage = file.storage(std::string(24, '\0'));
  const std::string pickle = support::pickled::dictionary(
      {{"weight", support::TorchFile::tensor(storage, 0, {2, 3}, {3, 1})}});
  return {file.zip(pickle), file.sequence(pickle)};
}

}  // namespace

Target pytorch_target() {
  return {"pytorch", "weights in a file of torch.save, of either format", run_pytorch,
          pytorch_seeds};
}

}  // namespace sketchscope::fuzz
