#include "engine/checkpoint/tensor_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

constexpr std::array<std::string_view, 3> kWrappers = {"_orig_mod.", "_fsdp_wrapped_module.",
                                                       "_checkpoint_wrapped_module."};
constexpr std::string_view kParallel = "module.";
constexpr std::string_view kTransformer = "transformer.";

/// Removes a component of a dotted name wherever it stands whole.
void erase_component(std::string& name, std::string_view component) {
  for (std::size_t at = name.find(component); at != std::string::npos;
       at = name.find(component, at)) {
    if (at == 0 || name[at - 1] == '.') {
      name.erase(at, component.size());
    } else {
      at += component.size();
    }
  }
}

bool same_tensor(const CheckpointTensor& one, const CheckpointTensor& other) {
  if (one.type_name != other.type_name || one.shape != other.shape ||
      one.strides != other.strides) {
    return false;
  }
  return (one.bytes.data() == other.bytes.data() && one.bytes.size() == other.bytes.size()) ||
         std::ranges::equal(one.bytes, other.bytes);
}

template <typename Rename>
Checkpoint renamed(Checkpoint checkpoint, const Rename& rename) {
  std::map<std::string, CheckpointTensor> tensors;
  for (auto& [name, tensor] : checkpoint.tensors) {
    const std::string plain = rename(name);
    const auto place = tensors.find(plain);
    if (place == tensors.end()) {
      tensors.emplace(plain, std::move(tensor));
    } else if (!same_tensor(place->second, tensor)) {
      throw core::Error({.what = checkpoint.source + " holds two different tensors " + plain,
                         .found = "one of them as " + name,
                         .expected = "each weight once, with or without the prefix of a wrapper",
                         .remedy = "save the model without its wrapper"});
    }
  }
  checkpoint.tensors = std::move(tensors);
  return checkpoint;
}

}  // namespace

std::string plain_name(std::string name) {
  for (const std::string_view wrapper : kWrappers) erase_component(name, wrapper);
  while (true) {
    if (name.starts_with(kParallel)) {
      name.erase(0, kParallel.size());
    } else if (name.starts_with(kTransformer)) {
      name.erase(0, kTransformer.size());
    } else {
      return name;
    }
  }
}

Checkpoint with_plain_names(Checkpoint checkpoint) {
  return renamed(std::move(checkpoint), plain_name);
}

Checkpoint without_wrapper(Checkpoint checkpoint, const std::string& anchor) {
  if (checkpoint.tensors.contains(anchor)) return checkpoint;
  const auto ends_with_anchor = [&](const auto& tensor) {
    return tensor.first.ends_with("." + anchor);
  };
  const auto found = std::ranges::find_if(checkpoint.tensors, ends_with_anchor);
  if (std::ranges::count_if(checkpoint.tensors, ends_with_anchor) != 1) return checkpoint;
  std::string prefix = found->first.substr(0, found->first.size() - anchor.size());
  if (prefix.ends_with("." + std::string(kTransformer))) {
    prefix.resize(prefix.size() - kTransformer.size());
  }
  return renamed(std::move(checkpoint), [&](const std::string& name) {
    return name.starts_with(prefix) ? plain_name(name.substr(prefix.size())) : name;
  });
}

}  // namespace sketchscope::checkpoint
