/** Small configs of our own, by trainer. */

export const PEFT_RSLORA = `{
  "peft_type": "LORA",
  "base_model_name_or_path": "mistralai/Mistral-7B-v0.1",
  "r": 16,
  "lora_alpha": 16,
  "use_rslora": true,
  "target_modules": ["q_proj", "v_proj"]
}
`;

/** Files that look a little like configs and are none. */
export const FOREIGN: Readonly<Record<string, string>> = {
  'compose.yml': 'services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n',
  'package.json': '{ "name": "alpha", "version": "1.0.0", "dependencies": { "lora": "1.0.0" } }\n',
  'theme.json': '{ "colors": { "alpha": 0.5 }, "rank": 3 }\n',
  'pyproject.toml': '[project]\nname = "lora-alpha"\nversion = "0.1.0"\n',
};
