#include "engine/checkpoint/pickled_tensor.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/checkpoint/number_type.hpp"
#include "engine/core/error.hpp"

namespace sketchscope::checkpoint {
namespace {

using Arguments = std::vector<PickleValue::Ref>;
constexpr int kMaxWrappers = 8;          // rebuilding calls around each other; a file may nest any
constexpr std::size_t kArguments = 4;    // storage, offset, shape, strides
constexpr std::size_t kArgumentsV3 = 7;  // the last is the dtype
// In either form, what else there is to know about the numbers may come behind these.
constexpr std::size_t kArgumentsBeforeNotes = 6;

/// The function that rebuilds a tensor, and its arguments.
struct Rebuild {
  std::string function;
  const Arguments* arguments = nullptr;  // null if the value is not a tensor
};

const std::string* global_name(const PickleValue* value) {
  const auto* const global = content_of<PickleValue::Global>(value);
  return global == nullptr ? nullptr : &global->name;
}

/// Returns the innermost rebuild call, skipping the calls that wrap a tensor as a parameter, as a
/// subclass or with attributes.
Rebuild rebuild_of(const PickleValue* value) {
  const auto* const call = content_of<PickleValue::Call>(value);
  const PickleValue* function = call == nullptr ? nullptr : call->function;
  const PickleValue* arguments = call == nullptr ? nullptr : call->arguments;
  for (int depth = 0; depth < kMaxWrappers && function != nullptr; ++depth) {
    const std::string* const name = global_name(function);
    const auto* const list = content_of<PickleValue::Sequence>(arguments);
    if (name == nullptr || list == nullptr) break;
    if (name->starts_with("torch._utils._rebuild_parameter") && !list->items.empty()) {
      const auto* const inner = content_of<PickleValue::Call>(list->items.front());
      function = inner == nullptr ? nullptr : inner->function;
      arguments = inner == nullptr ? nullptr : inner->arguments;
    } else if (name->starts_with("torch._tensor._rebuild_from_type") && list->items.size() > 2) {
      function = list->items[0];
      arguments = list->items[2];
    } else if (name->starts_with("torch._utils._rebuild_") ||
               name->starts_with("torch._tensor._rebuild_")) {
      return {*name, &list->items};
    } else {
      break;
    }
  }
  return {};
}

/// Returns whether the stored numbers are those of a tensor with the opposite sign, which PyTorch
/// negates when they are used. `notes` are {"neg": true} then.
bool is_negated(const PickleValue* notes) {
  const auto* const dictionary = content_of<PickleValue::Dictionary>(notes);
  if (dictionary == nullptr) return false;
  return std::ranges::any_of(dictionary->entries, [](const auto& entry) {
    const auto* const name = content_of<std::string>(entry.first);
    const auto* const holds = content_of<bool>(entry.second);
    return name != nullptr && *name == "neg" && holds != nullptr && *holds;
  });
}

/// Makes a tensor from what torch.save wrote about it.
class TensorBuilder {
 public:
  TensorBuilder(const std::string& name, const Storages& storages, const std::string& source)
      : name_(name), storages_(storages), source_(source) {}

  [[nodiscard]] CheckpointTensor build(const Rebuild& rebuild) const {
    const std::string kind = rebuild.function.substr(rebuild.function.rfind('.') + 1);
    const bool typed_by_argument = kind == "_rebuild_tensor_v3";
    if (kind != "_rebuild_tensor" && kind != "_rebuild_tensor_v2" && !typed_by_argument) {
      // Kinds that hold no plain numbers (sparse, quantized, …) are reported by name only.
      CheckpointTensor tensor;
      tensor.type_name = rebuild.function;
      return tensor;
    }
    const Arguments& arguments = *rebuild.arguments;
    if (arguments.size() < (typed_by_argument ? kArgumentsV3 : kArguments)) {
      refuse(std::to_string(arguments.size()) + " parts", "storage, offset, shape, strides");
    }
    const auto note = storage_note(arguments[0]);
    if (!note) refuse("no storage", "a reference to one");
    std::string type_name = note->type_name;
    if (typed_by_argument) {
      const std::string* const dtype = global_name(arguments[kArgumentsV3 - 1]);
      type_name = dtype == nullptr ? "no type" : *dtype;
    }
    CheckpointTensor tensor = view(*note, type_name, arguments);
    const std::size_t notes = typed_by_argument ? kArgumentsV3 : kArgumentsBeforeNotes;
    if (arguments.size() > notes && is_negated(arguments[notes])) {
      tensor.type = CheckpointTensor::Type::other;
      tensor.type_name += " to be negated, as torch.Tensor.is_neg() says";
    }
    return tensor;
  }

 private:
  /// Makes the view (offset, shape, strides) of a storage.
  [[nodiscard]] CheckpointTensor view(const StorageNote& note, const std::string& type_name,
                                      const Arguments& arguments) const {
    CheckpointTensor tensor;
    tensor.shape = whole_numbers(arguments[2]);
    const auto type = number_type_of_torch(type_name);
    if (!type) {
      tensor.type_name = type_name;
      return tensor;
    }
    const auto storage = storages_.find(note.key);
    if (storage == storages_.end()) refuse("storage " + note.key, "one in the file");
    tensor.type = tensor_type(type->name);
    tensor.type_name = type->name;
    std::vector<std::int64_t> strides = whole_numbers(arguments[3]);
    if (strides.size() != tensor.shape.size()) {
      refuse(std::to_string(strides.size()) + " strides", std::to_string(tensor.shape.size()));
    }
    if (!is_row_major(tensor.shape, strides)) tensor.strides = std::move(strides);
    std::uint64_t offset = static_cast<std::uint64_t>(whole_number(arguments[1]));
    if (__builtin_add_overflow(offset, first_of(note), &offset)) {
      refuse("an offset that overflows", "one within its storage");
    }
    tensor.bytes = part_of(storage->second, type->bytes, offset, tensor);
    return tensor;
  }

  /// Returns where a storage begins within the one that the file holds: the format before 1.6 may
  /// describe one as a view (key, first, count) of another.
  [[nodiscard]] std::uint64_t first_of(const StorageNote& note) const {
    if (note.view == nullptr) return 0;
    const auto* const parts = content_of<PickleValue::Sequence>(note.view);
    if (parts == nullptr || parts->items.size() != 3) {
      refuse("a view of a storage in another form", "its key, first number and count");
    }
    return static_cast<std::uint64_t>(whole_number(parts->items[1]));
  }

  /// Whether the numbers lie in row-major order. The stride of an axis of length 1 is ignored.
  [[nodiscard]] bool is_row_major(const std::vector<std::int64_t>& shape,
                                  const std::vector<std::int64_t>& strides) const {
    std::int64_t stride = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (shape[axis] == 0) return true;
      if (shape[axis] > 1 && strides[axis] != stride) return false;
      if (__builtin_mul_overflow(stride, shape[axis], &stride)) {
        refuse("a shape whose size overflows", "one that fits the file");
      }
    }
    return true;
  }

  /// Returns the part of the storage from the first number of a tensor to its last.
  [[nodiscard]] std::span<const std::byte> part_of(std::span<const std::byte> storage,
                                                   std::uint64_t element_bytes,
                                                   std::uint64_t offset,
                                                   const CheckpointTensor& tensor) const {
    std::uint64_t count = 1;
    bool fits = true;
    for (std::size_t axis = 0; axis < tensor.shape.size() && fits; ++axis) {
      const auto size = static_cast<std::uint64_t>(tensor.shape[axis]);
      if (size == 0) return {};
      if (tensor.strides.empty()) {
        fits = !__builtin_mul_overflow(count, size, &count);
      } else {
        std::uint64_t reach = 0;
        fits = !__builtin_mul_overflow(size - 1, static_cast<std::uint64_t>(tensor.strides[axis]),
                                       &reach) &&
               !__builtin_add_overflow(count, reach, &count);
      }
    }
    const std::uint64_t stored = storage.size() / element_bytes;
    if (!fits || offset > stored || count > stored - offset) {
      refuse("a storage of " + std::to_string(storage.size()) + " bytes",
             "one that holds the whole tensor");
    }
    return storage.subspan(offset * element_bytes, count * element_bytes);
  }

  [[nodiscard]] std::int64_t whole_number(const PickleValue* value) const {
    const auto* const number = content_of<std::int64_t>(value);
    if (number == nullptr || *number < 0) refuse("another value", "a whole number");
    return *number;
  }

  [[nodiscard]] std::vector<std::int64_t> whole_numbers(const PickleValue* value) const {
    const auto* sequence = content_of<PickleValue::Sequence>(value);
    if (const auto* const call = content_of<PickleValue::Call>(value)) {  // torch.Size((2, 3))
      const auto* const arguments = content_of<PickleValue::Sequence>(call->arguments);
      const bool wraps = arguments != nullptr && arguments->items.size() == 1;
      sequence = wraps ? content_of<PickleValue::Sequence>(arguments->items.front()) : nullptr;
    }
    if (sequence == nullptr) refuse("another value", "a list of whole numbers");
    std::vector<std::int64_t> numbers;
    for (const PickleValue* item : sequence->items) numbers.push_back(whole_number(item));
    return numbers;
  }

  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const {
    throw core::Error({.what = source_ + " cannot be read at " + name_,
                       .found = found,
                       .expected = expected,
                       .remedy = "fetch the file again, or use model.safetensors"});
  }

  const std::string& name_;
  const Storages& storages_;
  const std::string& source_;
};

}  // namespace

bool is_pickled_tensor(const PickleValue* value) {
  return rebuild_of(value).arguments != nullptr;
}

CheckpointTensor read_pickled_tensor(const std::string& name, const PickleValue* value,
                                     const Storages& storages, const std::string& source) {
  return TensorBuilder(name, storages, source).build(rebuild_of(value));
}

std::optional<StorageNote> storage_note(const PickleValue* value) {
  const auto* const persistent = content_of<PickleValue::PersistentId>(value);
  const auto* const parts =
      persistent == nullptr ? nullptr : content_of<PickleValue::Sequence>(persistent->id);
  if (parts == nullptr || parts->items.size() < 5) return std::nullopt;
  const std::string* const type_name = global_name(parts->items[1]);
  const auto* const key = content_of<std::string>(parts->items[2]);
  if (type_name == nullptr || key == nullptr) return std::nullopt;
  const auto type = number_type_of_torch(*type_name);
  StorageNote note{*key, *type_name, type ? type->bytes : 0};
  const bool has_view =
      parts->items.size() > 5 && content_of<PickleValue::None>(parts->items[5]) == nullptr;
  if (has_view) note.view = parts->items[5];
  return note;
}

}  // namespace sketchscope::checkpoint
