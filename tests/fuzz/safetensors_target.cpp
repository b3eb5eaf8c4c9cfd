#include "engine/checkpoint/safetensors.hpp"

#include <algorithm>

#include "tests/fuzz/check.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/tiny_model.hpp"

namespace sketchscope::fuzz {
namespace {

bool same_tensors(const checkpoint::Checkpoint& one, const checkpoint::Checkpoint& other) {
  return std::ranges::equal(one.tensors, other.tensors, [](const auto& left, const auto& right) {
    return left.first == right.first && left.second.type_name == right.second.type_name &&
           left.second.shape == right.second.shape &&
           std::ranges::equal(left.second.bytes, right.second.bytes);
  });
}

bool run_safetensors(std::string_view input) {
  const InputFile file("model.safetensors", input);
  const auto read = accepted([&] { return checkpoint::read_safetensors(file.path()); });
  if (!read) return false;
  for (const auto& [name, tensor] : read->tensors) check_tensor(name, tensor);
  if (read->tensors.empty()) return true;
  support::write_safetensors(*read, file.beside("again.safetensors"));
  require(same_tensors(*read, checkpoint::read_safetensors(file.beside("again.safetensors"))),
          "what was read and written reads as something else");
  return true;
}

std::vector<std::string> safetensors_seeds() {
  constexpr std::string_view kLength("\x5a\0\0\0\0\0\0\0", 8);
  std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                       R"("b":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]}})";
  std::string seed(kLength);
  seed[0] = static_cast<char>(header.size());
  return {seed + header + std::string(12, '\x3f')};
}

}  // namespace

Target safetensors_target() {
  return {"safetensors", "weights in a safetensors file", run_safetensors, safetensors_seeds};
}

}  // namespace sketchscope::fuzz
