// Stands for the declarations of the package `xpath`, by `paths` in tsconfig.json: those bring the types of
// browsers into a library that runs everywhere, and leave out what is used here. See `steps.ts`.
declare const xpath: unknown;
export default xpath;
