#include <algorithm>
#include <sstream>

#include "gui/driver/script_result.hpp"

namespace sketchscope {
namespace {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        // XML has no place for other control characters.
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

}  // namespace

std::string junit_xml(const std::string& suite, const ScriptResult& result) {
  const auto failures = std::ranges::count_if(
      result.cases, [](const ScriptCase& one) { return !one.failure.empty(); });
  std::ostringstream xml;
  xml << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" << escaped(suite)
      << "\" tests=\"" << result.cases.size() << "\" failures=\"" << failures << "\">\n";
  for (const auto& one : result.cases) {
    xml << "  <testcase classname=\"" << escaped(suite) << "\" name=\"" << escaped(one.name)
        << "\" time=\"" << one.seconds << "\"";
    if (one.failure.empty()) {
      xml << "/>\n";
    } else {
      xml << ">\n    <failure message=\"" << escaped(one.failure) << "\"/>\n  </testcase>\n";
    }
  }
  xml << "</testsuite>\n";
  return xml.str();
}

}  // namespace sketchscope
