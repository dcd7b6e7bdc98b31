# Writes a C++ file that holds script modules as text: cmake -DROOT=<folder> -DOUT=<file> -P embed.cmake.
# A module is known by its path below the folder, without the extension: dastest/testing.
file(GLOB_RECURSE files RELATIVE ${ROOT} ${ROOT}/*.das)
list(SORT files)
set(text "#include \"engine/embedded_modules.h\"\n\nnamespace vestige::engine {\n\nnamespace {\n\n")
string(APPEND text "constexpr EmbeddedModule kModules[] = {\n")
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} source)
  string(APPEND text "    {\"${file}\", R\"__das__(${source})__das__\"},\n")
endforeach()
string(APPEND text "};\n\n}  // namespace\n\n")
string(APPEND text "std::span<const EmbeddedModule> EmbeddedModules() { return kModules; }\n\n")
string(APPEND text "}  // namespace vestige::engine\n")
file(WRITE ${OUT} "${text}")
