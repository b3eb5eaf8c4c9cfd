#include "engine/checkpoint/state_dictionary.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "engine/core/error.hpp"

namespace sketchscope {
namespace {

using Bytes = std::span<const std::byte>;

struct StorageType {
  std::string_view global;
  std::string_view name;
  CheckpointTensor::Type type;
  std::uint64_t element_bytes;
};

constexpr std::array<StorageType, 9> kStorageTypes = {{
    {"torch.FloatStorage", "F32", CheckpointTensor::Type::f32, 4},
    {"torch.HalfStorage", "F16", CheckpointTensor::Type::f16, 2},
    {"torch.BFloat16Storage", "BF16", CheckpointTensor::Type::bf16, 2},
    {"torch.DoubleStorage", "F64", CheckpointTensor::Type::other, 8},
    {"torch.LongStorage", "I64", CheckpointTensor::Type::other, 8},
    {"torch.IntStorage", "I32", CheckpointTensor::Type::other, 4},
    {"torch.CharStorage", "I8", CheckpointTensor::Type::other, 1},
    {"torch.ByteStorage", "U8", CheckpointTensor::Type::other, 1},
    {"torch.BoolStorage", "BOOL", CheckpointTensor::Type::other, 1},
}};

/// Turns an unpickled state dictionary into tensors; `storage_of` gives the bytes of a storage by
/// its key.
class StateDictionaryReader {
 public:
  StateDictionaryReader(const Storages& storages, const std::string& source)
      : storages_(storages), source_(source) {}

  [[nodiscard]] std::map<std::string, CheckpointTensor> tensors(const PickleValue* root) const {
    const auto* dictionary = content_of<PickleValue::Dictionary>(root);
    if (const auto* const call = content_of<PickleValue::Call>(root)) {
      dictionary = &call->filled;
    }
    std::map<std::string, CheckpointTensor> found;
    for (const auto& [key, value] :
         dictionary == nullptr ? std::vector<std::pair<PickleValue::Ref, PickleValue::Ref>>{}
                               : dictionary->entries) {
      const auto* const name = content_of<std::string>(key);
      const auto* const call = content_of<PickleValue::Call>(value);
      if (name != nullptr && call != nullptr) {
        found[*name] = tensor(*name, *call);
      }
    }
    if (found.empty()) {
      refuse("", "no tensors by name", "a state dictionary saved by torch.save");
    }
    return found;
  }

 private:
  using Arguments = std::vector<PickleValue::Ref>;

  [[nodiscard]] CheckpointTensor tensor(const std::string& name,
                                        const PickleValue::Call& call) const {
    const auto* const function = content_of<PickleValue::Global>(call.function);
    const auto* const arguments = content_of<PickleValue::Sequence>(call.arguments);
    if (function == nullptr || arguments == nullptr || arguments->items.empty()) {
      refuse(name, "another object", "a tensor");
    }
    if (function->name == "torch._utils._rebuild_parameter") {
      const auto* const inner = content_of<PickleValue::Call>(arguments->items.front());
      if (inner == nullptr || inner == &call || !is_tensor(*inner)) {
        refuse(name, "another object", "a parameter that holds a tensor");
      }
      return tensor(name, *inner);
    }
    if (!is_tensor(call)) {
      refuse(name, function->name, "a plain tensor");
    }
    return rebuild(name, arguments->items);
  }

  static bool is_tensor(const PickleValue::Call& call) {
    const auto* const function = content_of<PickleValue::Global>(call.function);
    return function != nullptr && (function->name == "torch._utils._rebuild_tensor_v2" ||
                                   function->name == "torch._utils._rebuild_tensor");
  }

  /// Makes a tensor from the arguments of its constructor: storage, offset, shape, strides, …
  [[nodiscard]] CheckpointTensor rebuild(const std::string& name,
                                         const Arguments& arguments) const {
    if (arguments.size() < 4) {
      refuse(name, std::to_string(arguments.size()) + " parts", "storage, offset, shape, strides");
    }
    const auto [storage, type] = find_storage(name, arguments[0]);
    CheckpointTensor tensor;
    tensor.type = type.type;
    tensor.type_name = type.name;
    tensor.shape = whole_numbers(name, arguments[2]);
    if (whole_numbers(name, arguments[3]) != row_major_strides(name, tensor.shape)) {
      tensor.type = CheckpointTensor::Type::other;
      tensor.type_name += " in another order than row-major";
    }
    tensor.bytes =
        part_of(name, storage, type.element_bytes, whole_number(name, arguments[1]), tensor.shape);
    return tensor;
  }

  /// Finds the storage with the persistent id ("storage", type, key, device, count, …).
  [[nodiscard]] std::pair<Bytes, StorageType> find_storage(const std::string& name,
                                                           const PickleValue* reference) const {
    const auto* const persistent = content_of<PickleValue::PersistentId>(reference);
    const auto* const parts =
        persistent == nullptr ? nullptr : content_of<PickleValue::Sequence>(persistent->id);
    if (parts == nullptr || parts->items.size() < 5) {
      refuse(name, "no storage", "a reference to one");
    }
    const auto* const global = content_of<PickleValue::Global>(parts->items[1]);
    const auto* const key = content_of<std::string>(parts->items[2]);
    const auto* const type = std::ranges::find(kStorageTypes, global == nullptr ? "" : global->name,
                                               &StorageType::global);
    if (type == kStorageTypes.end()) {
      refuse(name, global == nullptr ? "no type" : global->name, "a type of number");
    }
    const auto storage = key == nullptr ? storages_.end() : storages_.find(*key);
    if (storage == storages_.end()) {
      refuse(name, "storage " + (key == nullptr ? "without a key" : *key), "one in the file");
    }
    return {storage->second, *type};
  }

  [[nodiscard]] Bytes part_of(const std::string& name, Bytes storage, std::uint64_t element_bytes,
                              std::int64_t offset, const std::vector<std::int64_t>& shape) const {
    std::uint64_t begin = 0;
    std::uint64_t length = element_bytes;
    bool fits = !__builtin_mul_overflow(element_bytes, static_cast<std::uint64_t>(offset), &begin);
    for (const std::int64_t size : shape) {
      fits = fits && !__builtin_mul_overflow(length, static_cast<std::uint64_t>(size), &length);
    }
    if (!fits || begin > storage.size() || length > storage.size() - begin) {
      refuse(name, "a storage of " + std::to_string(storage.size()) + " bytes",
             "one that holds the whole tensor");
    }
    return storage.subspan(begin, length);
  }

  [[nodiscard]] std::vector<std::int64_t> row_major_strides(
      const std::string& name, const std::vector<std::int64_t>& shape) const {
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t stride = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      strides[axis] = stride;
      if (__builtin_mul_overflow(stride, shape[axis], &stride)) {
        refuse(name, "a shape whose size overflows", "one that fits the file");
      }
    }
    return strides;
  }

  [[nodiscard]] std::int64_t whole_number(const std::string& name, const PickleValue* value) const {
    const auto* const number = content_of<std::int64_t>(value);
    if (number == nullptr || *number < 0) {
      refuse(name, "another value", "a whole number");
    }
    return *number;
  }

  [[nodiscard]] std::vector<std::int64_t> whole_numbers(const std::string& name,
                                                        const PickleValue* value) const {
    const auto* const sequence = content_of<PickleValue::Sequence>(value);
    if (sequence == nullptr) {
      refuse(name, "another value", "a list of whole numbers");
    }
    std::vector<std::int64_t> numbers;
    for (const PickleValue* item : sequence->items) {
      numbers.push_back(whole_number(name, item));
    }
    return numbers;
  }

  [[noreturn]] void refuse(const std::string& tensor, const std::string& found,
                           const std::string& expected) const {
    throw Error({.what = source_ + " cannot be read" + (tensor.empty() ? "" : " at " + tensor),
                 .found = found,
                 .expected = expected,
                 .remedy = "fetch the file again, or use model.safetensors"});
  }

  const Storages& storages_;
  const std::string& source_;
};

}  // namespace

std::map<std::string, CheckpointTensor> tensors_of(const Pickle& pickle, const Storages& storages,
                                                   const std::string& source) {
  return StateDictionaryReader(storages, source).tensors(pickle.root);
}

std::map<std::string, std::uint64_t> storage_element_bytes(const Pickle& pickle) {
  std::map<std::string, std::uint64_t> sizes;
  for (const PickleValue& value : pickle.values) {
    const auto* const persistent = content_of<PickleValue::PersistentId>(&value);
    const auto* const parts =
        persistent == nullptr ? nullptr : content_of<PickleValue::Sequence>(persistent->id);
    if (parts == nullptr || parts->items.size() < 5) {
      continue;
    }
    const auto* const global = content_of<PickleValue::Global>(parts->items[1]);
    const auto* const key = content_of<std::string>(parts->items[2]);
    const auto* const type = std::ranges::find(kStorageTypes, global == nullptr ? "" : global->name,
                                               &StorageType::global);
    if (key != nullptr && type != kStorageTypes.end()) {
      sizes[*key] = type->element_bytes;
    }
  }
  return sizes;
}

}  // namespace sketchscope
