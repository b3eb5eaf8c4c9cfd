#pragma once

#include <filesystem>
#include <string>

namespace sketchscope {

class App;

/// The texts that a panel draws now, a line each; of the whole window where `panel` is "window".
/// Takes the panel's SVG figure apart, by way of a file in `folder`. Throws UsageError on an
/// unknown panel.
std::string drawn_text(App& app, const std::string& panel, const std::filesystem::path& folder);

/// What stands between the <text> elements' tags of an SVG document, a line each.
std::string svg_texts(const std::string& svg);

}  // namespace sketchscope
