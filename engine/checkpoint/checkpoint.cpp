#include "engine/checkpoint/checkpoint.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/checkpoint/foreign_file.hpp"
#include "engine/checkpoint/mapped_file.hpp"
#include "engine/checkpoint/pytorch_file.hpp"
#include "engine/checkpoint/safetensors.hpp"
#include "engine/checkpoint/tensor_names.hpp"
#include "engine/core/error.hpp"
#include "engine/core/files.hpp"

namespace sketchscope::checkpoint {
namespace {

using FileReader = Checkpoint (*)(const std::filesystem::path&);

/// Moves the tensors named in `wanted` into `whole`; the file must hold each of them.
void take_shard(Checkpoint shard, const std::set<std::string>& wanted, Checkpoint& whole) {
  for (const std::string& name : wanted) {
    const auto found = shard.tensors.find(name);
    if (found == shard.tensors.end()) {
      throw core::Error({.what = shard.source + " lacks the tensor " + name,
                         .expected = "every tensor that " + whole.source + " says is there",
                         .remedy = "fetch the index and all shards of one version"});
    }
    whole.tensors[name] = std::move(found->second);
  }
  for (auto& owner : shard.owners) {
    whole.owners.push_back(std::move(owner));
  }
}

/// Reads an index file, and says what lies there instead where it is no JSON at all.
nlohmann::json read_index(const std::filesystem::path& index) {
  const auto mapping = MappedFile::open(index);
  const std::string_view text(reinterpret_cast<const char*>(mapping->bytes().data()),
                              mapping->bytes().size());
  if (!without_blanks(text).starts_with('{')) {
    refuse_foreign(mapping->bytes(), index.string(), "an index of shards in JSON");
  }
  return core::read_json_object(index);
}

/// Whether a path leads to a file in a folder or below it.
bool is_inside(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() && path.has_filename() &&
         std::ranges::none_of(path, [](const auto& part) { return part == ".."; });
}

/// Reads the shards that an index file lists under `weight_map`, each once.
Checkpoint read_sharded(const std::filesystem::path& index, FileReader read_file) {
  const nlohmann::json json = read_index(index);
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object() || map->empty()) {
    throw core::Error({.what = index.string() + " has no weight_map",
                       .found = core::brief(json),
                       .expected = "an object from tensor names to file names"});
  }
  std::map<std::string, std::set<std::string>> tensors_of;
  for (const auto& [name, file] : map->items()) {
    const std::string shard = file.is_string() ? file.get<std::string>() : "";
    if (!is_inside(shard)) {
      throw core::Error({.what = index.string() + " names no shard for " + name,
                         .found = core::brief(file),
                         .expected = "the name of a file beside it, or in a folder there",
                         .remedy = "fetch the index and all shards of one version"});
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

/// Whether a file is there, be it a link that leads nowhere, which is then named when it is opened.
bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(file, ignored));
}

/// Returns the names of files in a folder that look like weights under another name.
std::string other_weights(const std::filesystem::path& directory) {
  const std::set<std::string> endings = {".bin",  ".safetensors", ".pt",   ".pth",     ".ckpt",
                                         ".gguf", ".h5",          ".onnx", ".msgpack", ".npz"};
  std::set<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    const std::filesystem::path file = entry.path().filename();
    if (endings.contains(file.extension().string())) names.insert(file.string());
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Says what to do in a folder whose files that look like weights are these, joined.
std::string remedy_for(const std::string& others) {
  if (others.empty()) return "name a Hugging Face directory";
  if (others.find("adapter_model.") != std::string::npos) {
    return "merge the adapter (LoRA) into the model that it was trained on, and save the whole: "
           "merge_and_unload() of peft";
  }
  if (others.find("-00001-of-") != std::string::npos) {
    return "fetch the index of the shards too: model.safetensors.index.json, or "
           "pytorch_model.bin.index.json";
  }
  if (others.find(".gguf") != std::string::npos) return "name the GGUF file itself";
  return "rename a file of torch.save to pytorch_model.bin, or convert the weights to "
         "model.safetensors";
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& directory) {
  const std::filesystem::path single = directory / "model.safetensors";
  const std::filesystem::path sharded = directory / "model.safetensors.index.json";
  const std::filesystem::path pickled = directory / "pytorch_model.bin";
  const std::filesystem::path pickled_shards = directory / "pytorch_model.bin.index.json";
  if (is_there(single)) {
    return with_plain_names(read_safetensors(single));
  }
  if (is_there(sharded)) {
    return with_plain_names(read_sharded(sharded, read_safetensors));
  }
  if (is_there(pickled)) {
    return with_plain_names(read_pytorch_file(pickled));
  }
  if (is_there(pickled_shards)) {
    return with_plain_names(read_sharded(pickled_shards, read_pytorch_file));
  }
  const std::string others = other_weights(directory);
  throw core::Error(
      {.what = "no weights in " + directory.string(),
       .found = others,
       .expected = "model.safetensors, model.safetensors.index.json or pytorch_model.bin",
       .remedy = remedy_for(others)});
}

}  // namespace sketchscope::checkpoint
