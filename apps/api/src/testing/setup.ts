/** Decorators need this before the first class is read; `main.ts` gets it through Nest. */
import 'reflect-metadata';
