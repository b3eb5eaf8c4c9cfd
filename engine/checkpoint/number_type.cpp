#include "engine/checkpoint/number_type.hpp"

#include <algorithm>
#include <array>

namespace sketchscope::checkpoint {
namespace {

constexpr std::array<NumberType, 27> kNumberTypes = {{
    {"F32", "FloatStorage", "float32", 4},
    {"F16", "HalfStorage", "float16", 2},
    {"BF16", "BFloat16Storage", "bfloat16", 2},
    {"F64", "DoubleStorage", "float64", 8},
    {"I64", "LongStorage", "int64", 8},
    {"I32", "IntStorage", "int32", 4},
    {"I16", "ShortStorage", "int16", 2},
    {"I8", "CharStorage", "int8", 1},
    {"U8", "ByteStorage", "uint8", 1},
    {"BOOL", "BoolStorage", "bool", 1},
    {"C64", "ComplexFloatStorage", "complex64", 8},
    {"C128", "ComplexDoubleStorage", "complex128", 16},
    {"C32", "ComplexHalfStorage", "complex32", 4},
    {"QI8", "QInt8Storage", "qint8", 1},
    {"QU8", "QUInt8Storage", "quint8", 1},
    {"QI32", "QInt32Storage", "qint32", 4},
    {"QU4X2", "QUInt4x2Storage", "quint4x2", 1},
    {"QU2X4", "QUInt2x4Storage", "quint2x4", 1},
    {"U16", "", "uint16", 2},
    {"U32", "", "uint32", 4},
    {"U64", "", "uint64", 8},
    {"F8_E4M3", "", "float8_e4m3fn", 1},
    {"F8_E5M2", "", "float8_e5m2", 1},
    {"F8_E4M3FNUZ", "", "float8_e4m3fnuz", 1},
    {"F8_E5M2FNUZ", "", "float8_e5m2fnuz", 1},
    {"F8_E8M0", "", "float8_e8m0fnu", 1},
    {"bytes", "UntypedStorage", "", 1},
}};

template <typename Matches>
std::optional<NumberType> find_type(const Matches& matches) {
  const auto* const found = std::ranges::find_if(kNumberTypes, matches);
  if (found == kNumberTypes.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::optional<NumberType> number_type(std::string_view name) {
  return find_type([&](const NumberType& type) { return type.name == name; });
}

std::optional<NumberType> number_type_of_torch(std::string_view global) {
  if (!global.starts_with("torch.")) return std::nullopt;
  const std::string_view last = global.substr(global.rfind('.') + 1);
  if (last.empty()) return std::nullopt;
  return find_type(
      [&](const NumberType& type) { return type.storage == last || type.dtype == last; });
}

CheckpointTensor::Type tensor_type(std::string_view name) {
  using Type = CheckpointTensor::Type;
  return name == "F32"    ? Type::f32
         : name == "F16"  ? Type::f16
         : name == "BF16" ? Type::bf16
                          : Type::other;
}

}  // namespace sketchscope::checkpoint
