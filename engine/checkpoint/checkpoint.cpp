#include "engine/checkpoint/checkpoint.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "engine/checkpoint/pytorch_file.hpp"
#include "engine/checkpoint/safetensors.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope {
namespace {

using FileReader = Checkpoint (*)(const std::filesystem::path&);

/// Moves the tensors named in `wanted` into `whole`; the file must hold each of them.
void take_shard(Checkpoint shard, const std::set<std::string>& wanted, Checkpoint& whole) {
  for (const std::string& name : wanted) {
    const auto found = shard.tensors.find(name);
    if (found == shard.tensors.end()) {
      throw Error({.what = shard.source + " lacks the tensor " + name,
                   .expected = "every tensor that " + whole.source + " says is there",
                   .remedy = "fetch the index and all shards of one version"});
    }
    whole.tensors[name] = std::move(found->second);
  }
  for (auto& owner : shard.owners) {
    whole.owners.push_back(std::move(owner));
  }
}

/// Reads the shards that an index file lists under `weight_map`, each once.
Checkpoint read_sharded(const std::filesystem::path& index, FileReader read_file) {
  const nlohmann::json json = read_json_object(index);
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object() || map->empty()) {
    throw Error({.what = index.string() + " has no weight_map",
                 .found = brief(json),
                 .expected = "an object from tensor names to file names"});
  }
  std::map<std::string, std::set<std::string>> tensors_of;
  for (const auto& [name, file] : map->items()) {
    const std::string shard = file.is_string() ? file.get<std::string>() : "";
    const bool plain = !shard.empty() && std::filesystem::path(shard).filename() == shard;
    if (!plain) {
      throw Error({.what = index.string() + " names no shard for " + name,
                   .found = brief(file),
                   .expected = "the name of a file beside it"});
    }
    tensors_of[shard].insert(name);
  }
  Checkpoint whole;
  whole.source = index.string();
  for (const auto& [file, wanted] : tensors_of) {
    take_shard(read_file(index.parent_path() / file), wanted, whole);
  }
  return whole;
}

/// Removes the prefix `transformer.`, which Hugging Face's GPT2LMHeadModel puts before every name
/// but the head's.
Checkpoint without_prefix(Checkpoint checkpoint) {
  constexpr std::string_view kPrefix = "transformer.";
  std::map<std::string, CheckpointTensor> renamed;
  for (auto& [name, tensor] : checkpoint.tensors) {
    const std::string plain = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    if (!renamed.emplace(plain, std::move(tensor)).second) {
      throw Error({.what = checkpoint.source + " holds the tensor " + plain + " twice",
                   .expected = "it either with or without the prefix " + std::string(kPrefix)});
    }
  }
  checkpoint.tensors = std::move(renamed);
  return checkpoint;
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& directory) {
  const std::filesystem::path single = directory / "model.safetensors";
  const std::filesystem::path sharded = directory / "model.safetensors.index.json";
  const std::filesystem::path pickled = directory / "pytorch_model.bin";
  const std::filesystem::path pickled_shards = directory / "pytorch_model.bin.index.json";
  if (std::filesystem::exists(single)) {
    return without_prefix(read_safetensors(single));
  }
  if (std::filesystem::exists(sharded)) {
    return without_prefix(read_sharded(sharded, read_safetensors));
  }
  if (std::filesystem::exists(pickled)) {
    return without_prefix(read_pytorch_file(pickled));
  }
  if (std::filesystem::exists(pickled_shards)) {
    return without_prefix(read_sharded(pickled_shards, read_pytorch_file));
  }
  throw Error({.what = "no weights in " + directory.string(),
               .expected = "model.safetensors, model.safetensors.index.json or pytorch_model.bin",
               .remedy = "name a Hugging Face GPT-2 directory"});
}

}  // namespace sketchscope
